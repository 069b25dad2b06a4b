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
    public void Queries_of_two_dimensions_are_refused()
    {
        var random = new Random(1);
        ColbertEmbedding[] queries = [ScoredRows.Query(random), ScoredRows.Query(random, dimension: 8)];
        Assert.Equal(ColbertErrorId.InputInvalid, Assert.Throws<ColbertException>(() => new ColbertScorer(queries, _ => { })).Id);
    }
}
