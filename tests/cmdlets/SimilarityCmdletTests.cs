using System.Collections;
using ColbertOnnx.PowerShell.Binding;
using ColbertOnnx.Tests.Scoring;

namespace ColbertOnnx.Tests.Cmdlets;

[Collection(nameof(Alone))]
public sealed class SimilarityCmdletTests : IDisposable
{
    private const string Score = "Measure-ColbertSimilarity";
    private static readonly string Folder = TestData.Path("onnx", "bert-base");
    private static readonly string[] Texts =
    [
        .. Enumerable.Range(0, 120).Select(i => string.Join(' ', Enumerable.Range(0, 1 + (i % 9)).Select(k => $"word{(i * k) % 17} and"))),
    ];

    private readonly ColbertModel model = ColbertModel.Load(Folder, new() { Sessions = 2 });

    public void Dispose() => model.Dispose();

    [Fact]
    public void Texts_are_ranked_as_the_library_ranks_their_embeddings()
    {
        IReadOnlyList<ColbertSimilarity> ranked = Ranked(new() { ["Query"] = "what and when", ["Top"] = 5, ["Model"] = model }, Texts);
        var expected = new ColbertRanking(model.EncodeQueries(["what and when"]), 5);
        foreach (ColbertEmbedding document in model.EncodeDocuments(Texts)) expected.Add(document);
        Assert.Equal(expected.Best().Select(s => (s.Rank, s.Index, s.Score)), ranked.Select(s => (s.Rank, s.Index, s.Score)));
        Assert.All(ranked, s => Assert.Equal(Texts[s.Index], s.Text));
        Assert.All(ranked, s => Assert.Equal(s.Query.TokenCount, s.Matches.Count(match => match.QueryToken is not null)));
    }

    [Fact]
    public void Embeddings_and_texts_may_be_mixed_and_equal_ones_keep_their_order()
    {
        ColbertEmbedding embedding = model.EncodeDocuments(["same"])[0];
        object[] items =
        [
            .. Enumerable.Range(0, 40)
                .Select(i => i % 3 == 0 ? (object)embedding : i % 3 == 1 ? "same" : new Hashtable { ["Body"] = "same", ["Id"] = i }),
        ];
        foreach (object query in new object[] { "q", model.EncodeQueries(["q"])[0] })
        {
            Assert.Equal(
                Enumerable.Range(0, 10).Select(i => (long)i),
                Ranked(new() { ["Query"] = query, ["Model"] = model }, items).Select(s => s.Index));
            IReadOnlyList<ColbertSimilarity> all = Ranked(new() { ["Query"] = query, ["Unranked"] = true, ["Model"] = model }, items);
            Assert.Equal(Enumerable.Range(0, 40).Select(i => (long)i), all.Select(s => s.Index));
            Assert.All(all, s => Assert.Null(s.Rank));
            Assert.Equal("5", all[5].Id);
            Assert.Single(all.Select(s => s.Score).Distinct());
        }
    }

    [Fact]
    public void That_embeddings_of_a_file_are_of_another_model_is_told_once()
    {
        using var folder = new TemporaryFolder();
        ColbertEmbedding[] documents = [.. model.EncodeDocuments(["one", "two"])];
        ColbertEmbeddingFile.Write(folder.File("out.parquet"), documents);
        ColbertEmbeddingFile.Write(folder.File("out.npz"), documents);
        Assert.Empty(Scored(model, "out.parquet").Warnings);
        using ColbertModel other = ColbertModel.Load(TestData.Path("onnx", "bert-cased-lower"));
        CmdletRun run = Scored(other, "out.parquet");
        string said = $"Documents are of the model '{model.Name}', and the query is of '{other.Name}': scores between two models mean";
        Assert.Equal([$"{said} nothing. -Model names that of the documents."], run.Warnings);
        Assert.Equal(2, run.Output.Count);
        Assert.Empty(Scored(other, "out.npz").Warnings);

        CmdletRun Scored(ColbertModel with, string name) =>
            CmdletRun.Run(Score, new() { ["Query"] = "q", ["Model"] = with }, ColbertEmbeddingFile.Read(folder.File(name)));
    }

    [Fact]
    public void Each_query_has_a_ranking_of_its_own_in_the_order_of_the_queries()
    {
        object[] queries = ["one", model.EncodeQueries(["two"])[0], "three"];
        IReadOnlyList<ColbertSimilarity> ranked = Ranked(new() { ["Query"] = queries, ["Top"] = 2, ["Model"] = model }, Texts);
        Assert.Equal(["one", "one", "two", "two", "three", "three"], ranked.Select(s => s.Query.Text));
        Assert.Equal([1, 2, 1, 2, 1, 2], ranked.Select(s => s.Rank!.Value));
    }

    [Fact]
    public void Unranked_scores_leave_while_documents_still_come()
    {
        var random = new Random(1);
        ColbertEmbedding document = ScoredRows.Document(random, "d");
        int seen = 0;
        CmdletRun? run = null;
        IEnumerable<ColbertEmbedding> Watch()
        {
            for (int i = 0; i < 3000; i++)
            {
                seen = run!.Written;
                yield return document;
            }
        }

        using (run = new CmdletRun(Score, new() { ["Query"] = ScoredRows.Query(random), ["Unranked"] = true }, Watch())) run.Invoke();
        Assert.Equal(3000, run.Written);
        Assert.InRange(seen, 2000, 2999);
    }

    [Fact]
    public void Embeddings_need_no_model()
    {
        var random = new Random(2);
        int open = OpenModels.All.Count;
        ColbertSimilarity only =
            Ranked(new() { ["Query"] = ScoredRows.Query(random) }, new[] { ScoredRows.Document(random, "d") }).Single();
        Assert.Equal(open, OpenModels.All.Count);
        Assert.All(only.Matches, match => Assert.Null(match.QueryToken));
    }

    [Fact]
    public void Tokens_of_embeddings_without_them_come_from_the_model_that_is_named()
    {
        using TemporaryFolder copy = new TemporaryFolder().Copy(Folder);
        File.WriteAllBytes(copy.File("model.onnx"), [1, 2, 3]);
        ColbertEmbedding query = model.EncodeQueries(["one two"])[0], document = model.EncodeDocuments(["two three"])[0];
        int open = OpenModels.All.Count;
        foreach (object given in new object[] { copy.Path, model })
        {
            ColbertSimilarity only = Ranked(new() { ["Query"] = query, ["Model"] = given }, new[] { document }).Single();
            Assert.Contains(
                "onetwo", string.Concat(only.Matches.Select(match => match.QueryToken!.TrimStart('·'))), StringComparison.Ordinal);
            Assert.All(only.Matches, match => Assert.NotNull(match.DocumentToken));
        }

        Assert.Equal(open, OpenModels.All.Count);
    }

    [Fact]
    public void A_bad_document_is_an_error_of_its_own_and_the_rest_goes_on()
    {
        ColbertEmbedding good = model.EncodeDocuments(["good"])[0], query = model.EncodeQueries(["q"])[0];
        float[] values = good.Values.ToArray();
        values[3] = float.NaN;
        ColbertEmbedding broken = new(TextKind.Document, "broken", values, good.Dimension),
            other = new(TextKind.Document, "other", new float[7], 7);
        object?[] items = [good, query, broken, "x\ud800y", other, null, "fine"];
        foreach (bool unranked in new[] { false, true })
        {
            Dictionary<string, object?> parameters = new() { ["Query"] = "q", ["Model"] = model };
            if (unranked) parameters["Unranked"] = true;
            CmdletRun run = CmdletRun.Run(Score, parameters, items);
            Assert.Equal([0L, 6], run.Output.Cast<ColbertSimilarity>().Select(s => s.Index).Order());
            Assert.Equal(5, run.Failures.Count);
            Assert.All(run.Failures, f => Assert.Equal(ColbertErrorId.InputInvalid, f.Error.Id));
            Assert.All(run.Failures, f => Assert.NotEmpty(f.Error.Action!));
            Assert.Contains(run.Failures, f => f.Error.Message.Contains("as a query", StringComparison.Ordinal));
            Assert.Contains(run.Failures, f => f.Error.Message.Contains("NaN", StringComparison.Ordinal));
            Assert.Contains(run.Failures, f => f.Error.Message.Contains("7", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_bad_query_ends_it_before_any_document()
    {
        ColbertEmbedding document = model.EncodeDocuments(["d"])[0];
        foreach (object?[] queries in new object?[][]
        {
            [document], [null], ["x\ud800y"], [new Hashtable()], [model.EncodeQueries(["q"])[0], ScoredRows.Query(new Random(3))],
        })
        {
            CmdletRun run = CmdletRun.Run(Score, new() { ["Query"] = queries, ["Model"] = model }, new[] { document });
            Assert.Equal(ColbertErrorId.InputInvalid, Assert.Single(run.Failures).Error.Id);
            Assert.Empty(run.Output);
        }
    }

    [Fact]
    public void A_model_of_another_dimension_is_told_once_not_for_each_text()
    {
        CmdletRun run = CmdletRun.Run(
            Score, new() { ["Query"] = ScoredRows.Query(new Random(4)), ["Model"] = model }, new[] { "a", "b", "c" });
        Assert.Contains("24 dimensions", Assert.Single(run.Failures).Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cut_texts_are_counted()
    {
        string text = string.Concat(Enumerable.Repeat("word ", 500));
        CmdletRun run = CmdletRun.Run(Score, new() { ["Query"] = text, ["Model"] = model }, new[] { text, "short" });
        Assert.Equal(2, run.Warnings.Count);
        Assert.StartsWith("1 of 1 query cut to the ", run.Warnings[0], StringComparison.Ordinal);
        Assert.StartsWith("1 of 2 texts", run.Warnings[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_ends_a_run_in_the_middle()
    {
        string text = string.Concat(Enumerable.Repeat("word ", 500));
        using var running = new ManualResetEventSlim();
        using var run = new CmdletRun(
            Score, new() { ["Query"] = "q", ["Model"] = model, ["Unranked"] = true },
            Enumerable.Repeat(text, 1_000_000))
        { OnWrite = running.Set };
        Task invoked = Task.Run(run.Invoke, TestContext.Current.CancellationToken);
        Assert.True(running.Wait(ChildProcess.Patience, TestContext.Current.CancellationToken));
        await run.Stop(invoked);
        Assert.InRange(run.Written, 1, 999_999);
    }

    private static IReadOnlyList<ColbertSimilarity> Ranked(Dictionary<string, object?> parameters, IEnumerable documents)
    {
        CmdletRun run = CmdletRun.Run(Score, parameters, documents);
        Assert.Empty(run.Failures);
        return [.. run.Output.Cast<ColbertSimilarity>()];
    }
}
