using System.Collections;
using System.Management.Automation;
using System.Text.Json;
using ColbertOnnx.PowerShell.Binding;
using ColbertOnnx.PowerShell.Commands;
using ColbertOnnx.Tests.Scoring;

namespace ColbertOnnx.Tests.Faces;

[Collection(nameof(Alone))]
public sealed class SimilarityTests : IDisposable
{
    private static readonly string Folder = TestData.Path("onnx", "bert-base");
    private static readonly string[] Texts = [.. Enumerable.Range(0, 120).Select(i => string.Join(' ', Enumerable.Range(0, 1 + (i % 9)).Select(k => $"word{(i * k) % 17} and")))];

    private readonly ColbertModel model = ColbertModel.Load(Folder, new() { Sessions = 2 });

    public void Dispose() => model.Dispose();

    [Fact]
    public void Texts_are_ranked_as_the_library_ranks_their_embeddings()
    {
        IReadOnlyList<ColbertSimilarity> ranked = Ranked(new() { Query = ["what and when"], Top = 5 }, Texts);
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
        object[] items = [.. Enumerable.Range(0, 40).Select(i => i % 3 == 0 ? (object)embedding : i % 3 == 1 ? "same" : new Hashtable { ["Body"] = "same", ["Id"] = i })];
        foreach (object query in new object[] { "q", model.EncodeQueries(["q"])[0] })
        {
            Assert.Equal(Enumerable.Range(0, 10).Select(i => (long)i), Ranked(new() { Query = [query] }, items).Select(s => s.Index));
            IReadOnlyList<ColbertSimilarity> all = Ranked(new() { Query = [query], IsUnranked = true }, items);
            Assert.Equal(Enumerable.Range(0, 40).Select(i => (long)i), all.Select(s => s.Index));
            Assert.All(all, s => Assert.Null(s.Rank));
            Assert.Equal("5", all[5].Id);
            Assert.Single(all.Select(s => s.Score).Distinct());
        }
    }

    [Fact]
    public void Each_query_has_a_ranking_of_its_own_in_the_order_of_the_queries()
    {
        IReadOnlyList<ColbertSimilarity> ranked = Ranked(new() { Query = ["one", model.EncodeQueries(["two"])[0], "three"], Top = 2 }, Texts);
        Assert.Equal(["one", "one", "two", "two", "three", "three"], ranked.Select(s => s.Query.Text));
        Assert.Equal([1, 2, 1, 2, 1, 2], ranked.Select(s => s.Rank!.Value));
    }

    [Fact]
    public void Unranked_scores_leave_while_documents_still_come()
    {
        var random = new Random(1);
        ColbertEmbedding document = ScoredRows.Document(random, "d");
        var recorder = new Recorder();
        int seen = 0;
        Action<MeasureColbertSimilarityCommand> watch = c =>
        {
            c.Document = [document];
            seen = recorder.Output.Count;
        };
        CmdletRun.Run(new MeasureColbertSimilarityCommand { Query = [ScoredRows.Query(random)], IsUnranked = true }, recorder, Enumerable.Repeat(watch, 3000));
        Assert.Equal(3000, recorder.Output.Count);
        Assert.InRange(seen, 2000, 2999);
    }

    [Fact]
    public void Embeddings_need_no_model()
    {
        var random = new Random(2);
        int open = OpenModels.All.Count;
        ColbertSimilarity only = Ranked(new() { Query = [ScoredRows.Query(random)], Model = null }, [ScoredRows.Document(random, "d")]).Single();
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
            ColbertSimilarity only = Ranked(new() { Query = [query], Model = given }, [document]).Single();
            Assert.Contains("onetwo", string.Concat(only.Matches.Select(match => match.QueryToken!.TrimStart('·'))), StringComparison.Ordinal);
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
        ColbertEmbedding broken = new(TextKind.Document, "broken", values, good.Dimension), other = new(TextKind.Document, "other", new float[7], 7);
        object?[] items = [good, query, broken, "x\ud800y", other, null, "fine"];
        foreach (bool unranked in new[] { false, true })
        {
            Recorder recorder = Run(new() { Query = ["q"], IsUnranked = unranked }, items);
            Assert.Equal([0L, 6], recorder.Output.Cast<ColbertSimilarity>().Select(s => s.Index).Order());
            Assert.Equal(5, recorder.Failures.Count);
            Assert.All(recorder.Failures, f => Assert.Equal(ColbertErrorId.InputInvalid, f.Error.Id));
            Assert.All(recorder.Failures, f => Assert.NotEmpty(f.Error.Action!));
            Assert.Contains(recorder.Failures, f => f.Error.Message.Contains("as a query", StringComparison.Ordinal));
            Assert.Contains(recorder.Failures, f => f.Error.Message.Contains("NaN", StringComparison.Ordinal));
            Assert.Contains(recorder.Failures, f => f.Error.Message.Contains("7", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_bad_query_ends_it_before_any_document()
    {
        ColbertEmbedding document = model.EncodeDocuments(["d"])[0];
        foreach (object?[] queries in new object?[][] { [document], [null], ["x\ud800y"], [new Hashtable()], [model.EncodeQueries(["q"])[0], ScoredRows.Query(new Random(3))] })
        {
            Recorder recorder = Run(new() { Query = queries! }, [document]);
            Assert.Equal(ColbertErrorId.InputInvalid, Assert.Single(recorder.Failures).Error.Id);
            Assert.Empty(recorder.Output);
        }
    }

    [Fact]
    public void A_model_of_another_dimension_is_told_once_not_for_each_text()
    {
        Recorder recorder = Run(new() { Query = [ScoredRows.Query(new Random(4))] }, ["a", "b", "c"]);
        Assert.Contains("24 dimensions", Assert.Single(recorder.Failures).Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cut_texts_are_counted()
    {
        string text = string.Concat(Enumerable.Repeat("word ", 500));
        Recorder recorder = Run(new() { Query = [text] }, [text, "short"]);
        Assert.Equal(2, recorder.Warnings.Count);
        Assert.StartsWith("1 of 1 queries", recorder.Warnings[0], StringComparison.Ordinal);
        Assert.StartsWith("1 of 2 texts", recorder.Warnings[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_ends_a_run_in_the_middle()
    {
        var cmdlet = new MeasureColbertSimilarityCommand { Query = ["q"], Model = model, IsUnranked = true };
        string text = string.Concat(Enumerable.Repeat("word ", 500));
        using var running = new ManualResetEventSlim();
        var recorder = new Recorder { OnWrite = running.Set };
        Task run = Task.Run(() => CmdletRun.Run(cmdlet, recorder, Enumerable.Repeat<Action<MeasureColbertSimilarityCommand>>(c => c.Document = [text], 1_000_000)), TestContext.Current.CancellationToken);
        Assert.True(running.Wait(ChildProcess.Patience, TestContext.Current.CancellationToken));
        CmdletRun.Stop(cmdlet);
        await Assert.ThrowsAsync<PipelineStoppedException>(() => run.WaitAsync(ChildProcess.Patience, TestContext.Current.CancellationToken));
        Assert.InRange(recorder.Output.Count, 1, 999_999);
    }

    [Fact]
    public async Task The_command_names_what_each_token_took()
    {
        var run = await ColbertProcess.Run("bread rises with yeast\nthe moon\n", "score", "--query", "yeast", "-", "--json", "--include-matches");
        Assert.Equal((0, ""), (run.Exit, run.Error));
        JsonElement first = JsonDocument.Parse(run.Output.Split('\n')[0]).RootElement;
        JsonElement[] matches = [.. first.GetProperty("matches").EnumerateArray()];
        Assert.Equal("yeast", matches.Single(m => m.GetProperty("query_token").GetString() == "yeast").GetProperty("document_token").GetString());
        Assert.Equal(first.GetProperty("score").GetDouble(), matches.Sum(m => m.GetProperty("cosine").GetDouble()), 1e-4);
        Assert.Equal(2, (await ColbertProcess.Run("a\n", "score", "--query", "yeast", "-", "--include-matches")).Exit);
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public async Task A_processor_that_has_less_gives_the_same_scores(string switchedOff)
    {
        string input = string.Concat(Texts.Select(text => text + "\n"));
        string[] arguments = ["score", "--query", "what and when", "--top", "0", "-", "--json", "--model", Folder];
        double[] here = Scores((await ColbertProcess.Run(input, arguments)).Output), there = Scores((await ColbertProcess.RunWith(new Dictionary<string, string> { [switchedOff] = "0" }, input, arguments)).Output);
        Assert.Equal(Texts.Length, there.Length);
        Assert.All(here.Zip(there), pair => Assert.Equal(pair.First, pair.Second, 1e-5));

        static double[] Scores(string output) => [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("score").GetDouble())];
    }

    private IReadOnlyList<ColbertSimilarity> Ranked(MeasureColbertSimilarityCommand cmdlet, IEnumerable<object?> documents)
    {
        Recorder recorder = Run(cmdlet, documents);
        Assert.Empty(recorder.Failures);
        return [.. recorder.Output.Cast<ColbertSimilarity>()];
    }

    private Recorder Run(MeasureColbertSimilarityCommand cmdlet, IEnumerable<object?> documents)
    {
        // Nothing but embeddings: no model is named, so that a test sees when one is asked for.
        if (cmdlet.Model is null && (cmdlet.Query.Any(q => q is not ColbertEmbedding) || documents.Any(d => d is not ColbertEmbedding))) cmdlet.Model = model;
        return CmdletRun.Run(cmdlet, documents.Select(document => (Action<MeasureColbertSimilarityCommand>)(c => c.Document = [document!])));
    }
}
