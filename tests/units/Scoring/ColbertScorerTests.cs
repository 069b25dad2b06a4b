using ColbertOnnx.Scoring;

namespace ColbertOnnx.Tests.Scoring;

public sealed class ColbertScorerTests
{
    [Fact]
    public void Every_document_leaves_in_its_order_with_its_score_for_each_query()
    {
        var random = new Random(1);
        ColbertEmbedding[] queries = [ScoredRows.Query(random), ScoredRows.Query(random, rows: 3)];
        ColbertEmbedding[] documents = [.. Enumerable.Range(0, 300).Select(i => ScoredRows.Document(random, $"text {i}"))];
        List<ColbertSimilarity> found = [];
        var scorer = new ColbertScorer(queries, found.Add);
        for (int i = 0; i < documents.Length; i++) scorer.Add(documents[i], i + 1000, TestContext.Current.CancellationToken);
        scorer.Flush(TestContext.Current.CancellationToken);
        Assert.Equal(
            documents.SelectMany((document, i) => queries.Select(query => (query, document, MaxSim.Score(query, document), i + 1000L))),
            found.Select(similarity => (similarity.Query, similarity.Document, similarity.Score, similarity.Index)));
    }

    [Fact]
    public void Tokens_are_asked_for_until_they_are_there()
    {
        var random = new Random(1);
        TokenSource source = TokenSource.Open(TestData.Path("onnx", "bert-base"));
        int asked = 0, found = 0;
        var scorer = new ColbertScorer([ScoredRows.Query(random)], _ => found++, () => ++asked < 3 ? null : source);
        for (int i = 0; i < 20; i++)
        {
            scorer.Add(ScoredRows.Document(random, $"text {i}"), i, TestContext.Current.CancellationToken);
            scorer.Flush(TestContext.Current.CancellationToken);
        }

        Assert.Equal((20, 3), (found, asked));
    }

    [Fact]
    public void Embeddings_without_vectors_are_refused_only_without_a_dimension()
    {
        var random = new Random(1);
        ColbertEmbedding query = new(TextKind.Query, "q", default, 0), document = new(TextKind.Document, "d", default, 0),
            other = ScoredRows.Query(random);
        foreach (Action use in (Action[])
        [
            () => MaxSim.Score(query, document), () => MaxSim.Score(other, document), () => ColbertSimilarity.Of(query, document),
            () => _ = new ColbertRanking([query]), () => _ = new ColbertScorer([query], _ => { }),
            () => new ColbertRanking([other]).Add(document),
        ])
        {
            var error = Assert.Throws<ColbertException>(use);
            Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
            Assert.Contains("no dimension", error.Message, StringComparison.Ordinal);
        }

        ColbertEmbedding empty = new(TextKind.Document, "d", default, other.Dimension);
        Assert.Equal(0, MaxSim.Score(other, empty));
        Assert.Equal(0, MaxSim.Score(new(TextKind.Query, "q", default, other.Dimension), ScoredRows.Document(random, "d")));
        Assert.Equal(0, ColbertSimilarity.Of(other, empty).Score);
    }

    [Fact]
    public void Queries_of_two_dimensions_are_refused()
    {
        var random = new Random(1);
        ColbertEmbedding[] queries = [ScoredRows.Query(random), ScoredRows.Query(random, dimension: 8)];
        Assert.Equal(ColbertErrorId.InputInvalid, Assert.Throws<ColbertException>(() => new ColbertScorer(queries, _ => { })).Id);
    }
}
