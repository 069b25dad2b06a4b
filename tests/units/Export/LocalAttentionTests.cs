using ColbertOnnx.Runtime;

namespace ColbertOnnx.Tests.Export;

public sealed class LocalAttentionTests(ITestOutputHelper output) : IDisposable
{
    private const string Longer = """{"max_position_embeddings": 1100}""";

    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("modernbert-base", 513)]
    [InlineData("modernbert-base", 700, 200)]
    [InlineData("modernbert-base", 1025, 64, 1000)]
    [InlineData("modernbert-query128", 513, 90)]
    [InlineData("modernbert-query128", 700)]
    [InlineData("modernbert-query128", 1025, 300)]
    public void Long_inputs_by_blocks_give_what_a_mask_gives(string window8Or128, params int[] lengths)
    {
        using OrtEncoderSession dense = ChangedCheckpoint.Open(folder, window8Or128, Longer, blockedFrom: int.MaxValue),
            blocked = ChangedCheckpoint.Open(folder, window8Or128, Longer);
        float[] expected = ChangedCheckpoint.Run(dense, lengths), actual = ChangedCheckpoint.Run(blocked, lengths);
        Compare(expected, actual);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(63, 4)]
    [InlineData(64)]
    [InlineData(65, 1)]
    [InlineData(200, 199)]
    public void So_do_short_ones_when_blocks_are_forced(params int[] lengths)
    {
        using OrtEncoderSession dense = ChangedCheckpoint.Open(folder, "modernbert-base", Longer),
            blocked = ChangedCheckpoint.Open(folder, "modernbert-base", Longer, blockedFrom: 0);
        Compare(ChangedCheckpoint.Run(dense, lengths), ChangedCheckpoint.Run(blocked, lengths));
    }

    [Fact]
    public void A_window_wider_than_a_block_of_64_gives_wider_blocks()
    {
        const string Wide = """{"max_position_embeddings": 1100, "local_attention": 300}""";
        using OrtEncoderSession dense = ChangedCheckpoint.Open(folder, "modernbert-base", Wide, blockedFrom: int.MaxValue),
            blocked = ChangedCheckpoint.Open(folder, "modernbert-base", Wide);
        Compare(ChangedCheckpoint.Run(dense, 700, 30), ChangedCheckpoint.Run(blocked, 700, 30));
    }

    [Fact]
    public void A_long_text_gives_the_same_unbatched_and_beside_a_longer_one()
    {
        using OrtEncoderSession session = ChangedCheckpoint.Open(folder, "modernbert-base", Longer);
        float[] unbatched = ChangedCheckpoint.Run(session, 600);
        Compare(unbatched, ChangedCheckpoint.Run(session, 600, 1025)[..unbatched.Length]);
    }

    public void Dispose() => folder.Dispose();

    private void Compare(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double largest = expected.Zip(actual, (a, b) => Math.Abs((double)a - b))
            .Max(difference => double.IsNaN(difference) ? double.PositiveInfinity : difference);
        output.WriteLine($"largest difference {largest:e1}");
        Assert.InRange(largest, 0, 1e-5);
    }
}
