using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Tests.Pipeline;

/// <summary>
/// What sentence-transformers 6 makes a matter of the model: whether rows are normalized, whose are pooled, and again afterwards.
/// </summary>
public sealed class EmbeddingBuilderTests
{
    private static readonly float[] Output = [3, 0, 0, 2, 0, 4, 6, 8];

    private static ColbertEmbedding Build(EncodeOptions options)
    {
        var slot = new EncodeSlot { Input = new ColbertText("abcd"), ModelInput = new ModelInput() };
        new FakeInputs().Build("abcd", options.Kind, withOffsets: false, slot.ModelInput);
        return new EmbeddingBuilder(2, new FakeInputs(), "fake").Build(slot, Output, options);
    }

    [Fact]
    public void Rows_are_unit_vectors_unless_the_model_leaves_them_as_they_are()
    {
        Assert.Equal([1, 0, 0, 1, 0, 1, 0.6f, 0.8f], Build(new(TextKind.Document)).Values.ToArray());
        Assert.Equal(Output, Build(new(TextKind.Document) { Normalize = false }).Values.ToArray());
    }

    [Fact]
    public void Pooled_vectors_are_means_and_unit_vectors_again_where_the_model_says_so()
    {
        var options = new EncodeOptions(TextKind.Document) { PoolFactor = 3 };
        float[] means = Build(options).Values.ToArray();
        Assert.Equal(2 * 2, means.Length);
        Assert.Contains(Lengths(means), length => length < 0.999f);
        Assert.All(
            Lengths(Build(options with { NormalizePooled = true }).Values.ToArray()),
            length => Assert.Equal(1, length, 1e-6f));
    }

    [Fact]
    public void The_kinds_of_text_that_are_pooled_are_the_models_choice()
    {
        using ColbertModel model = ColbertModel.Load();
        ColbertSettings documents = model.Settings with { PoolFactor = new(3, "argument") };
        ColbertSettings queries = documents with { PoolTasks = new([TextKind.Query], "argument") };
        foreach ((ColbertSettings settings, TextKind kind, int count) in ((ColbertSettings, TextKind, int)[])
            [
                (documents, TextKind.Query, 4), (documents, TextKind.Document, 2),
                (queries, TextKind.Query, 2), (queries, TextKind.Document, 4),
            ])
        {
            Assert.Equal(count, Build(EncodeOptions.Of(settings, kind)).TokenCount);
            Assert.Equal(count == 4 ? 4 : 1, Build(EncodeOptions.Of(settings, kind, poolFactor: 100, protectedTokens: 0)).TokenCount);
        }
    }

    private static IEnumerable<float> Lengths(float[] rows) =>
        rows.Chunk(2).Select(row => MathF.Sqrt((row[0] * row[0]) + (row[1] * row[1])));
}
