using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Tests.Pipeline;

public sealed class WindowLimitsTests
{
    [Theory]
    [InlineData(1, null, 256)]
    [InlineData(2, 300, 600)]
    [InlineData(2, 1 << 30, 4096)]
    [InlineData(3, int.MaxValue, 4096)]
    public void A_chunk_has_texts_for_a_batch_on_each_lane_within_bounds(int lanes, int? batchSize, int expected) =>
        Assert.Equal(expected, WindowLimits.For(lanes, batchSize).ChunkTexts);

    /// <summary>As ColbertModelOptions.BatchSize and the help of -BatchSize say it.</summary>
    [Fact]
    public void A_batch_of_long_texts_holds_no_more_than_is_planned_together()
    {
        using var session = new FakeSession();
        using var pool = new LanePool(
            session, () => new FakeInputs(),
            new LaneSettings { Sessions = 1, Cpus = 1, BatchSize = 128, PatienceMilliseconds = 600_000 });
        TextStreams.Encode(
            pool, Enumerable.Repeat(new string('x', 180), 200), new(TextKind.Document), TestContext.Current.CancellationToken);
        Assert.Equal([(92, 180), (92, 180), (16, 180)], session.Batches);
        Assert.Equal(2048 * 10, WindowLimits.For(10, null).ChunkTokens);
    }
}
