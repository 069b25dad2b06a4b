namespace ColbertOnnx.Tests.Retrieval;

/// <summary>
/// The whole way from text to ranking over 60 texts of our own. What is expected was computed by tests/data/retrieval/expected.py, in
/// double precision and without a line of the product, from the float32 weights of the embedded model.
/// </summary>
public sealed class SmallCollectionTests(ITestOutputHelper output)
{
    private const string CheckpointVariable = "COLBERT_TEST_MINILM";

    private static readonly RetrievalCollection Collection = new(TestData.Path("retrieval"));
    private static readonly ExpectedRanking Expected = new(TestData.Path("retrieval", "expected.json"));

    [Fact]
    public void The_embedded_model_ranks_nearly_as_its_float32_weights_do()
    {
        using ColbertModel model = ColbertModel.Load();
        Assert.True(model.IsQuantized);
        Dictionary<string, (string Id, float Score)[]> ranking = Collection.Rank(model, 10);
        double ndcg = Collection.Ndcg(ranking);
        (double difference, int exchanged) = Expected.AssertSame(ranking, 0.3);
        output.WriteLine(
            $"INT8: nDCG@10 {ndcg:f4} (float32 {Expected.Ndcg:f4}), largest difference of a score {difference:f3}, {exchanged} of 150 "
                + $"places exchanged");
        Assert.InRange(ndcg, Expected.Ndcg - 0.01, Expected.Ndcg + 0.01);
    }

    [Fact]
    public void An_export_ranks_as_an_independent_implementation_does()
    {
        string? checkpoint = Environment.GetEnvironmentVariable(CheckpointVariable);
        Assert.SkipWhen(string.IsNullOrEmpty(checkpoint), $"{CheckpointVariable} does not name the checkpoint of the embedded model.");
        using var folder = new TemporaryFolder();
        ColbertExporter.Export(
            checkpoint!, folder.File("model"), new ColbertExportOptions(), cancellation: TestContext.Current.CancellationToken);
        using ColbertModel model = ColbertModel.Load(folder.File("model"));
        Dictionary<string, (string Id, float Score)[]> ranking = Collection.Rank(model, 10);
        (double difference, int exchanged) = Expected.AssertSame(ranking, 1e-3);
        output.WriteLine(
            $"FP32: nDCG@10 {Collection.Ndcg(ranking):f4} (expected {Expected.Ndcg:f4}), largest difference of a score {difference:g2}, "
                + $"{exchanged} of 150 places exchanged");
        Assert.Equal(Expected.Ndcg, Collection.Ndcg(ranking), 1e-4);
    }
}
