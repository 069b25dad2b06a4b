using System.Collections;
using System.Text.Json;
using ColbertOnnx.Diagnostics;
using ColbertOnnx.PowerShell.Commands;
using ColbertOnnx.Tests.Diagnostics;

namespace ColbertOnnx.Tests.Faces;

[Collection(nameof(Alone))]
public sealed class ThroughputTests
{
    private static readonly string Model = TestData.Path("onnx", "bert-base");

    [Fact]
    public void Texts_of_the_pipeline_are_measured_as_documents()
    {
        object?[] items = ["one", "two words", new Hashtable { ["Text"] = "of a dictionary" }, "x\ud800y", null];
        Recorder recorder = CmdletRun.Run(Cmdlet(), items.Select(item => (Action<MeasureColbertThroughputCommand>)(cmdlet => cmdlet.Text = [item!])));
        ColbertThroughput result = (ColbertThroughput)Assert.Single(recorder.Output);
        Assert.Equal((3, "pipeline", TextKind.Document), (result.Texts.Count, result.Texts.Source, result.Configuration.Kind));
        Assert.Equal([ColbertErrorId.InputInvalid, ColbertErrorId.InputInvalid], recorder.Failures.Select(failure => failure.Error.Id));
    }

    [Fact]
    public void Files_of_every_format_are_read_and_bad_texts_are_errors_of_their_own()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("a.jsonl", "{\"body\":\"one\"}\n{\"body\":3}\n").With("benchmark_documents.json", "{\"documents\": [\"two\", \"three\"], \"target_tokens\": 500}");
        MeasureColbertThroughputCommand cmdlet = Cmdlet();
        cmdlet.LiteralPath = [folder.File("benchmark_documents.json"), folder.File("none.txt")];
        Recorder recorder = CmdletRun.Run(cmdlet);
        Assert.Equal(2, Assert.IsType<ColbertThroughput>(Assert.Single(recorder.Output)).Texts.Count);
        Assert.Contains("none.txt", Assert.Single(recorder.Failures).Error.Message, StringComparison.Ordinal);

        cmdlet = Cmdlet();
        (cmdlet.Path, cmdlet.TextProperty) = ([folder.File("a.jsonl")], "body");
        recorder = CmdletRun.Run(cmdlet);
        Assert.Equal((1, "a.jsonl"), (((ColbertThroughput)recorder.Output[0]).Texts.Count, ((ColbertThroughput)recorder.Output[0]).Texts.Source));
        Assert.Contains("a.jsonl:2", Assert.Single(recorder.Failures).Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sweep_gives_an_object_for_each_configuration_and_json_a_line()
    {
        MeasureColbertThroughputCommand cmdlet = Cmdlet();
        (cmdlet.IsQuery, cmdlet.IsJson, cmdlet.Quantized, cmdlet.BatchSize, cmdlet.TokenCount, cmdlet.Count) = (true, true, [true, false], [1, 4], 12, 10);
        Recorder recorder = CmdletRun.Run(cmdlet);
        Assert.Empty(recorder.Failures);
        Assert.Equal(4, recorder.Output.Count);
        Assert.All(recorder.Output, line => Assert.Empty(ThroughputSchema.Errors((string)line)));
        Assert.Contains("\"kind\":\"query\"", (string)recorder.Output[0], StringComparison.Ordinal);
    }

    [Fact]
    public void An_open_model_is_measured_as_it_is_open()
    {
        using ColbertModel open = ColbertModel.Load(Model, new() { Quantized = true, Sessions = 3, DocumentLength = 20 });
        MeasureColbertThroughputCommand cmdlet = Cmdlet();
        cmdlet.Model = open;
        ColbertThroughput result = (ColbertThroughput)CmdletRun.Run(cmdlet).Output.Single();
        Assert.Equal((true, 3, 20), (result.Configuration.IsQuantized, result.Configuration.Sessions, (int)result.Texts.TokensPerText.Median));
    }

    [Theory]
    [InlineData(1e9, 0.001, true)]
    [InlineData(0.001, 1e9, false)]
    public void A_baseline_on_the_same_machine_is_missed_or_not_by_documents_a_second(double documents, double share, bool isMissed)
    {
        using var folder = new TemporaryFolder();
        ColbertThroughput now = (ColbertThroughput)CmdletRun.Run(Cmdlet()).Output.Single();
        folder.With("old.json", (now with { DocumentsPerSecond = new(0, documents, 0), ShareOfEngine = new(0, share, 0) }).ToJson());
        MeasureColbertThroughputCommand cmdlet = Cmdlet();
        cmdlet.Baseline = folder.File("old.json");
        Recorder recorder = CmdletRun.Run(cmdlet);
        Assert.Single(recorder.Output);
        Assert.Equal(isMissed ? [ColbertErrorId.BaselineMissed] : [], recorder.Failures.Select(failure => failure.Error.Id));
    }

    [Theory]
    [MemberData(nameof(ErrorCases.BaselineNames), MemberType = typeof(ErrorCases))]
    public async Task A_baseline_that_is_none_is_an_error_before_anything_is_measured(string name)
    {
        JsonElement c = ErrorCases.Baseline(name);
        using var folder = new TemporaryFolder();
        MeasureColbertThroughputCommand cmdlet = Cmdlet();
        cmdlet.Baseline = ErrorCases.BuildBaseline(c, folder);
        Recorder recorder = CmdletRun.Run(cmdlet);
        ColbertException error = Assert.Single(recorder.Failures).Error;
        Assert.Equal(ErrorCases.ErrorOf(c), error.Id);
        Assert.Empty(recorder.Output);

        var run = await ColbertProcess.Run(null, "throughput", "--baseline", cmdlet.Baseline);
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
        MeasureColbertThroughputCommand cmdlet = Cmdlet();
        cmdlet.ReportPath = folder.File("report.html");
        Assert.Empty(CmdletRun.Run(cmdlet).Failures);
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(folder.File("report.html")), StringComparison.Ordinal);
        cmdlet = Cmdlet();
        cmdlet.ReportPath = folder.File("report.html");
        Recorder recorder = CmdletRun.Run(cmdlet);
        Assert.Equal(ColbertErrorId.OutputExists, Assert.Single(recorder.Failures).Error.Id);
        Assert.Empty(recorder.Output);
    }

    [Fact]
    public void WhatIf_measures_and_writes_no_report()
    {
        using var folder = new TemporaryFolder();
        MeasureColbertThroughputCommand cmdlet = Cmdlet();
        cmdlet.ReportPath = folder.File("report.html");
        var recorder = new Recorder { Answer = false };
        CmdletRun.Run(cmdlet, recorder);
        Assert.Equal([cmdlet.ReportPath], recorder.Asked);
        Assert.Single(recorder.Output);
        Assert.False(File.Exists(cmdlet.ReportPath));
    }

    [Fact]
    public async Task Stopping_ends_a_measurement()
    {
        MeasureColbertThroughputCommand cmdlet = Cmdlet();
        cmdlet.Repeat = 100_000;
        using var timer = new Timer(_ => CmdletRun.Stop(cmdlet), null, 300, Timeout.Infinite);
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await Assert.ThrowsAsync<System.Management.Automation.PipelineStoppedException>(() => Task.Run(() => CmdletRun.Run(cmdlet), cancellation).WaitAsync(ChildProcess.Patience, cancellation));
    }

    [Fact]
    public async Task The_command_gives_lines_of_json_and_exit_code_1_for_a_missed_baseline()
    {
        using var folder = new TemporaryFolder();
        string[] arguments = ["throughput", "--model", Model, "--token-count", "16", "--count", "8", "--repeat", "1", "--quantized", "true", "--json"];
        var run = await ColbertProcess.Run(null, [.. arguments, "--sessions", "1,2", "--report-path", folder.File("page.html")]);
        Assert.Equal((0, ""), (run.Exit, run.Error));
        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.Empty(ThroughputSchema.Errors(line)));
        Assert.True(File.Exists(folder.File("page.html")));

        folder.With("slow.json", run.Output).With("fast.json", System.Text.RegularExpressions.Regex.Replace(run.Output, "(\"documentsPerSecond\":{\"min\":[^,]*,\"median\":)[^,]*", "${1}9999999"));
        var missed = await ColbertProcess.Run(null, [.. arguments, "--sessions", "1", "--baseline", folder.File("fast.json")]);
        Assert.Equal(1, missed.Exit);
        Assert.StartsWith("colbert: BaselineMissed: bert-base, INT8, 1 session", missed.Error, StringComparison.Ordinal);
        Assert.Single(missed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(0, (await ColbertProcess.Run(null, [.. arguments, "--sessions", "2", "--baseline", folder.File("slow.json"), "--tolerance", "0.99"])).Exit);
    }

    [Fact]
    public async Task The_command_measures_what_it_reads_and_says_it_in_words()
    {
        var run = await ColbertProcess.Run("one\ntwo words\n", "throughput", "--model", Model, "-", "--repeat", "1");
        Assert.Equal((0, ""), (run.Exit, run.Error));
        Assert.Contains("bert-base, FP32", run.Output, StringComparison.Ordinal);
        Assert.Contains("2 of ", run.Output, StringComparison.Ordinal);
        Assert.Contains("share of engine", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--sessions", "0")]
    [InlineData("--sessions", "two")]
    [InlineData("--quantized", "maybe")]
    [InlineData("--tolerance", "1")]
    [InlineData("-", "--token-count", "5")]
    [InlineData("--token-count", "0")]
    public async Task Wrong_usage_is_told_with_exit_code_2(params string[] arguments)
    {
        var run = await ColbertProcess.Run("a\n", ["throughput", .. arguments]);
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.NotEmpty(run.Error);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    private static MeasureColbertThroughputCommand Cmdlet() => new() { Model = Model, Repeat = 1, LeastRound = TimeSpan.FromMilliseconds(1), Count = 10 };
}
