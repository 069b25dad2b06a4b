namespace ColbertOnnx.Tests.Retrieval;

/// <summary>
/// The whole way from text to ranking over a public test collection, against PyLate's answers. Neither is in the repository.
/// </summary>
public sealed class CranfieldTests(ITestOutputHelper output)
{
    private const string CheckpointVariable = "COLBERT_TEST_MINILM";
    private const string CollectionVariable = "COLBERT_TEST_CRANFIELD";
    private const string AnswersVariable = "COLBERT_TEST_CRANFIELD_RANKING";

    [Fact]
    public void An_export_ranks_as_PyLate_does_and_INT8_loses_next_to_nothing()
    {
        string checkpoint = Named(CheckpointVariable, "the folder of the embedded model's checkpoint");
        string collection = Named(CollectionVariable, "the folder of the collection (corpus.jsonl, queries.jsonl, qrels.tsv)");
        string answers = Named(AnswersVariable, "the file of PyLate's ten best for each query (retrieval.json)");
        var cranfield = new RetrievalCollection(collection);
        var expected = new ExpectedRanking(answers);
        using var folder = new TemporaryFolder();
        ColbertExporter.Export(
            checkpoint, folder.File("model"), new ColbertExportOptions(), cancellation: TestContext.Current.CancellationToken);

        using ColbertModel full = ColbertModel.Load(folder.File("model"));
        Dictionary<string, (string Id, float Score)[]> ranking = cranfield.Rank(full, 10);
        double ndcg = cranfield.Ndcg(ranking);
        (double difference, int exchanged) = expected.AssertSame(ranking, 1e-3);
        output.WriteLine(
            $"FP32: nDCG@10 {ndcg:f4} (PyLate {expected.Ndcg:f4}), largest difference of a score {difference:g2}, {exchanged} of "
                + $"{ranking.Sum(q => q.Value.Length)} places exchanged by near ties");
        Assert.Equal(expected.Ndcg, ndcg, 1e-4);

        using ColbertModel quantized = ColbertModel.Load();
        Assert.True(quantized.IsQuantized);
        double coarse = cranfield.Ndcg(cranfield.Rank(quantized, 10));
        output.WriteLine($"INT8: nDCG@10 {coarse:f4}");
        Assert.InRange(coarse, expected.Ndcg - 0.005, 1);
    }

    private static string Named(string variable, string what)
    {
        string? value = Environment.GetEnvironmentVariable(variable);
        Assert.SkipWhen(string.IsNullOrEmpty(value), $"{variable} does not name {what}.");
        return value!;
    }
}
