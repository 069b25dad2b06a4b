using ColbertOnnx.Pipeline;
using ColbertOnnx.Scoring;

namespace ColbertOnnx.Tests.Scoring;

public sealed class TokenLabelsTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("bert-base")]
    [InlineData("roberta-base")]
    [InlineData("xlmr-base")]
    [InlineData("modernbert-base")]
    public void Rows_are_labelled_with_the_words_of_the_text(string? name)
    {
        const string Text = "Unbelievable kettles, naïve 😀 users!";
        using ColbertModel model = ColbertModel.Load(
            name is null ? null : TestData.Path("onnx", name), new() { Sessions = 1, Skiplist = [] });
        ColbertEmbedding embedding = Encode(model, Text, tokens: true);
        IReadOnlyList<string> labels = TokenLabels.Of(embedding, null)!;
        Assert.Equal(embedding.TokenCount, labels.Count);
        Assert.DoesNotContain(
            labels,
            label => label.Length == 0 || label.Contains('Ġ') || label.Contains('▁') || label.StartsWith("##", StringComparison.Ordinal));
        Assert.Contains(labels, label => label.Contains("😀", StringComparison.Ordinal) || label == "[UNK]");

        // What continues a word is marked, so that the words can be put together again.
        string[] words =
        [
            .. string.Concat(labels.Where(label => char.IsLetter(label[^1]) || label == "·")
                .Select(label => label.StartsWith('·') ? label[1..] : " " + label)).Split(' '),
        ];
        Assert.Contains("Unbelievable", words);
        Assert.Contains("naïve", words);
        Assert.Contains("kettles", words);

        Assert.Equal(labels, TokenLabels.Of(Encode(model, Text, tokens: false), new TokenSource(model.Resolved)));
        Assert.Null(TokenLabels.Of(Encode(model, Text, tokens: false), null));
    }

    [Fact]
    public void Pooled_vectors_and_vectors_of_another_model_have_no_labels()
    {
        using ColbertModel model = ColbertModel.Load(TestData.Path("onnx", "bert-base"), new() { Sessions = 1 });
        using ColbertModel pooling = ColbertModel.Load(TestData.Path("onnx", "bert-base"), new() { Sessions = 1, PoolFactor = 2 });
        ColbertEmbedding embedding = Encode(model, "one two three", tokens: false);
        Assert.Null(TokenLabels.Of(
            Assert.Single(pooling.EncodeDocuments(["one two three"], cancellation: TestContext.Current.CancellationToken)),
            new TokenSource(pooling.Resolved)));
        ColbertEmbedding other = new(
            TextKind.Document, "one two three", embedding.Values[..(2 * embedding.Dimension)], embedding.Dimension);
        Assert.Null(TokenLabels.Of(other, new TokenSource(model.Resolved)));
        Assert.Null(TokenLabels.Of(
            new(TextKind.Document, "x\ud800", embedding.Values, embedding.Dimension), new TokenSource(model.Resolved)));
    }

    [Fact]
    public void A_model_that_pools_knows_the_tokens_of_a_call_that_does_not()
    {
        using ColbertModel pooling = ColbertModel.Load(TestData.Path("onnx", "bert-base"), new() { Sessions = 1, PoolFactor = 2 });
        ColbertEmbedding embedding = Assert.Single(pooling.EncodeDocuments(
            ["one two three"], new() { PoolFactor = 1, IncludeTokens = true }, TestContext.Current.CancellationToken));
        Assert.True(new TokenSource(pooling.Resolved).TryFind(embedding, out string[] tokens, out (int, int)[] offsets));
        Assert.Equal(embedding.Tokens, tokens);
        Assert.Equal(embedding.TokenOffsets, offsets);
    }

    [Fact]
    public void Without_offsets_the_pieces_are_made_readable()
    {
        ColbertEmbedding embedding = new(TextKind.Document, "", new float[7], 1)
        {
            Tokens = ["[CLS]", "ket", "##tle", "Ġtea", "▁tea", "##", "▁"],
        };
        Assert.Equal(["[CLS]", "ket", "·tle", "tea", "tea", "##", "␣"], TokenLabels.Of(embedding, null));
    }

    [Fact]
    public void Offsets_that_lie_outside_of_the_text_label_nothing()
    {
        ColbertEmbedding embedding = new(TextKind.Document, "tea", new float[4], 1)
        {
            Tokens = ["a", "b", "c", "d"],
            TokenOffsets = [(-1, 2), (2, 4), (3, 1), (0, 3)],
        };
        Assert.Equal(["a", "b", "c", "tea"], TokenLabels.Of(embedding, null));
    }

    private static ColbertEmbedding Encode(ColbertModel model, string text, bool tokens)
    {
        using var session = new EncodeStream(model.Lanes, new EncodeOptions(TextKind.Document) { IncludeTokens = tokens });
        session.TryAdd(new ColbertText(text));
        session.Complete();
        session.Take(out ColbertEncodeResult result);
        return result.Embedding!;
    }
}
