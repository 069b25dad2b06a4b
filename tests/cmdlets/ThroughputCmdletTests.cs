using System.Collections;
using System.Text.Json;
using ColbertOnnx.Diagnostics;
using ColbertOnnx.Tests.Diagnostics;
using ColbertOnnx.Tests.Faces;

namespace ColbertOnnx.Tests.Cmdlets;

[Collection(nameof(Alone))]
public sealed class ThroughputCmdletTests
{
    private const string Name = "Measure-ColbertThroughput";
    private static readonly string Model = TestData.Path("onnx", "bert-base");

    [Fact]
    public void Texts_of_the_pipeline_are_measured_as_documents()
    {
        CmdletRun run = CmdletRun.Run(
            Name, new() { ["Model"] = Model, ["Repeat"] = 1 },
            new object?[] { "one", "two words", new Hashtable { ["Text"] = "of a dictionary" }, "x\ud800y", null });
        ColbertThroughput result = (ColbertThroughput)Assert.Single(run.Output);
        Assert.Equal((3, "pipeline", TextKind.Document), (result.Texts.Count, result.Texts.Source, result.Configuration.Kind));
        Assert.Equal([ColbertErrorId.InputInvalid, ColbertErrorId.InputInvalid], run.Failures.Select(failure => failure.Error.Id));
    }

    [Fact]
    public void Nothing_in_the_place_of_texts_is_an_error_and_not_a_wish_for_generated_ones()
    {
        CmdletRun run = Measure(new() { ["Text"] = null });
        Assert.Contains("$null", run.Failures[0].Error.Message, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public void Files_of_every_format_are_read_and_bad_texts_are_errors_of_their_own()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("a.jsonl", "{\"body\":\"one\"}\n{\"body\":3}\n")
            .With("benchmark_documents.json", "{\"documents\": [\"two\", \"three\"], \"target_tokens\": 500}");
        CmdletRun run = Measure(new() { ["LiteralPath"] = new[] { folder.File("benchmark_documents.json"), folder.File("none.txt") } });
        Assert.Equal(2, Assert.IsType<ColbertThroughput>(Assert.Single(run.Output)).Texts.Count);
        Assert.Contains("none.txt", Assert.Single(run.Failures).Error.Message, StringComparison.Ordinal);

        run = Measure(new() { ["Path"] = folder.File("*.jsonl"), ["TextProperty"] = "body" });
        Assert.Equal((1, "a.jsonl"), (((ColbertThroughput)run.Output[0]).Texts.Count, ((ColbertThroughput)run.Output[0]).Texts.Source));
        Assert.Contains("a.jsonl:2", Assert.Single(run.Failures).Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_that_matches_nothing_is_no_wish_for_generated_texts()
    {
        using TemporaryFolder folder = new();
        CmdletRun run = Measure(new() { ["Path"] = folder.File("*.txt") });
        Assert.Empty(run.Output);
        Assert.Equal(2, run.Failures.Count);
        Assert.Contains("Nothing matches", run.Failures[0].Error.Message, StringComparison.Ordinal);
        Assert.Contains("no texts", run.Failures[1].Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sweep_gives_an_object_for_each_configuration_and_json_a_line()
    {
        CmdletRun run = Measure(new()
        {
            ["Query"] = true,
            ["AsJson"] = true,
            ["Quantized"] = new[] { true, false },
            ["BatchSize"] = new[] { 1, 4 },
            ["TokenCount"] = 12,
            ["Count"] = 10,
        });
        Assert.Empty(run.Failures);
        Assert.Equal(4, run.Output.Count);
        Assert.All(run.Output, line => Assert.Empty(ThroughputSchema.Errors((string)line)));
        Assert.Contains("\"kind\":\"query\"", (string)run.Output[0], StringComparison.Ordinal);
    }

    [Fact]
    public void An_open_model_is_measured_as_it_is_open()
    {
        using ColbertModel open = ColbertModel.Load(Model, new() { Quantized = true, Sessions = 3, DocumentLength = 20 });
        ColbertThroughput result = (ColbertThroughput)Measure(new() { ["Model"] = open, ["Count"] = 10 }).Output.Single();
        Assert.Equal(
            (true, 3, 20), (result.Configuration.IsQuantized, result.Configuration.Sessions, (int)result.Texts.TokensPerText.Median));
    }

    [Theory]
    [InlineData(1e9, 0.001, true)]
    [InlineData(0.001, 1e9, false)]
    public void A_baseline_on_the_same_machine_is_missed_or_not_by_documents_a_second(double documents, double share, bool isMissed)
    {
        using var folder = new TemporaryFolder();
        ColbertThroughput now = (ColbertThroughput)Measure(new() { ["Count"] = 10 }).Output.Single();
        folder.With("old.json", (now with { DocumentsPerSecond = new(0, documents, 0), ShareOfRawLoop = new(0, share, 0) }).ToJson());
        CmdletRun run = Measure(new() { ["Count"] = 10, ["Baseline"] = folder.File("old.json") });
        Assert.Single(run.Output);
        Assert.Equal(isMissed ? [ColbertErrorId.BaselineMissed] : [], run.Failures.Select(failure => failure.Error.Id));
    }

    [Theory]
    [MemberData(nameof(ErrorCases.BaselineNames), MemberType = typeof(ErrorCases))]
    public async Task A_baseline_that_is_none_is_an_error_before_anything_is_measured(string name)
    {
        JsonElement c = ErrorCases.Baseline(name);
        using var folder = new TemporaryFolder();
        string baseline = ErrorCases.BuildBaseline(c, folder);
        CmdletRun measured = Measure(new() { ["Baseline"] = baseline });
        ColbertException error = Assert.Single(measured.Failures).Error;
        Assert.Equal(ErrorCases.ErrorOf(c), error.Id);
        Assert.Empty(measured.Output);

        var run = await ColbertProcess.Run(null, "throughput", "--baseline", baseline);
        Assert.Equal((c.GetProperty("exit").GetInt32(), ""), (run.Exit, run.Output));
        foreach (string part in ErrorCases.NamesOf(c))
        {
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
            Assert.Contains(part, run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_report_is_written_and_one_that_is_there_stays()
    {
        using var folder = new TemporaryFolder();
        Dictionary<string, object?> parameters = new() { ["Count"] = 10, ["ReportPath"] = folder.File("report.html") };
        Assert.Empty(Measure(parameters).Failures);
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(folder.File("report.html")), StringComparison.Ordinal);
        CmdletRun run = Measure(parameters);
        Assert.Equal(ColbertErrorId.OutputExists, Assert.Single(run.Failures).Error.Id);
        Assert.Empty(run.Output);
    }

    [Fact]
    public void WhatIf_measures_and_writes_no_report()
    {
        using var folder = new TemporaryFolder();
        CmdletRun run = Measure(new() { ["Count"] = 10, ["ReportPath"] = folder.File("report.html"), ["WhatIf"] = true });
        Assert.Equal([folder.File("report.html")], run.Asked);
        Assert.Single(run.Output);
        Assert.False(File.Exists(folder.File("report.html")));
    }

    [Fact]
    public async Task Stopping_ends_a_measurement()
    {
        using var run = new CmdletRun(Name, new() { ["Model"] = Model, ["Count"] = 10, ["Repeat"] = 100_000 });
        await run.StopLater();
    }

    private static CmdletRun Measure(Dictionary<string, object?> parameters) =>
        CmdletRun.Run(Name, new Dictionary<string, object?> { ["Model"] = Model, ["Repeat"] = 1 }.With(parameters));
}
