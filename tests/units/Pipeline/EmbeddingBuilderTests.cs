using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Tests.Pipeline;

/// <summary>
/// What sentence-transformers 6 makes a matter of the model: whether rows are normalized, whose are pooled, and again afterwards.
/// </summary>
public sealed class EmbeddingBuilderTests
{
    private static readonly float[] Output = [3, 0, 0, 2, 0, 4, 6, 8];

    private static ColbertEmbedding Build(TextKind kind, LaneSettings settings)
    {
        var slot = new EncodeSlot { Input = new ColbertText("abcd"), ModelInput = new ModelInput() };
        new FakeInputs().Build("abcd", kind, withOffsets: false, slot.ModelInput);
        return new EmbeddingBuilder(2, new FakeInputs(), settings).Build(slot, Output, new EncodeOptions(kind));
    }

    [Fact]
    public void Rows_are_unit_vectors_unless_the_model_leaves_them_as_they_are()
    {
        Assert.Equal([1, 0, 0, 1, 0, 1, 0.6f, 0.8f], Build(TextKind.Document, new LaneSettings()).Values.ToArray());
        Assert.Equal(Output, Build(TextKind.Document, new LaneSettings { Normalize = false }).Values.ToArray());
    }

    [Fact]
    public void Pooled_rows_are_means_and_unit_vectors_again_where_the_model_says_so()
    {
        var settings = new LaneSettings { PoolFactor = 3 };
        float[] means = Build(TextKind.Document, settings).Values.ToArray();
        Assert.Equal(2 * 2, means.Length);
        Assert.Contains(Lengths(means), length => length < 0.999f);
        Assert.All(
            Lengths(Build(TextKind.Document, settings with { NormalizePooled = true }).Values.ToArray()),
            length => Assert.Equal(1, length, 1e-6f));
    }

    [Fact]
    public void The_kinds_of_text_that_are_pooled_are_the_models_choice()
    {
        Assert.Equal(4, Build(TextKind.Query, new LaneSettings { PoolFactor = 3 }).TokenCount);
        Assert.Equal(2, Build(TextKind.Query, new LaneSettings { PoolFactor = 3, PoolTasks = [TextKind.Query] }).TokenCount);
        Assert.Equal(4, Build(TextKind.Document, new LaneSettings { PoolFactor = 3, PoolTasks = [TextKind.Query] }).TokenCount);
    }

    private static IEnumerable<float> Lengths(float[] rows) =>
        rows.Chunk(2).Select(row => MathF.Sqrt((row[0] * row[0]) + (row[1] * row[1])));
}
