using System.Text.Json;
using ColbertOnnx.Diagnostics;
using ColbertOnnx.PowerShell.Commands;

namespace ColbertOnnx.Tests.Faces;

[Collection(nameof(Alone))]
public sealed class ParityTests
{
    private static readonly string Model = TestData.Path("onnx", "bert-base"), Stored = TestData.Path("references", "bert-base.safetensors");

    [Theory]
    [MemberData(nameof(ErrorCases.ReferenceNames), MemberType = typeof(ErrorCases))]
    public async Task A_broken_reference_is_told_with_the_place(string name)
    {
        JsonElement c = ErrorCases.Reference(name);
        using var folder = new TemporaryFolder();
        TestColbertParityCommand cmdlet = Cmdlet();
        cmdlet.Reference = ErrorCases.BuildReference(c, folder);
        Recorder recorder = CmdletRun.Run(cmdlet);
        ColbertException error = Assert.Single(recorder.Failures).Error;
        Assert.Equal(ErrorCases.ErrorOf(c), error.Id);
        Assert.Empty(recorder.Output);
        Assert.NotEmpty(error.Action!);
        Assert.NotEmpty(error.Target!);

        var run = await ColbertProcess.Run(null, "parity", "--model", Model, "--reference", cmdlet.Reference);
        Assert.Equal((c.GetProperty("exit").GetInt32(), ""), (run.Exit, run.Output));
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        foreach (string part in ErrorCases.NamesOf(c))
        {
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
            Assert.Contains(part, run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void One_object_for_all_texts_and_with_Detailed_one_for_each()
    {
        ColbertParity parity = Assert.IsType<ColbertParity>(Assert.Single(Run().Output));
        Assert.True(parity.Passed);
        Assert.Equal((22, 10), (parity.Texts, parity.Queries));

        Recorder detailed = Run(cmdlet => cmdlet.IsDetailed = true);
        Assert.Equal(Enumerable.Range(1, 22).Select(i => (long)i), detailed.Output.Cast<ColbertTextParity>().Select(text => text.Number));
        Assert.All(detailed.Output.Cast<ColbertTextParity>(), text => Assert.True(text.Passed && text.WorstToken is not null));
    }

    [Fact]
    public void A_miss_is_an_error_beside_the_result_and_with_Quiet_only_an_answer()
    {
        using ColbertModel other = ColbertModel.Load(Model, new() { DocumentLength = 20 });
        Recorder recorder = Run(cmdlet => cmdlet.Model = other);
        ColbertParity parity = Assert.IsType<ColbertParity>(Assert.Single(recorder.Output));
        Assert.False(parity.Passed);
        (ColbertException error, object? target) = Assert.Single(recorder.Failures);
        Assert.Equal(ColbertErrorId.ParityMissed, error.Id);
        Assert.Same(parity, target);
        Assert.Contains("CutLater", error.Message, StringComparison.Ordinal);
        Assert.Contains("document_length is '48' in the reference and '20' here", error.Action, StringComparison.Ordinal);

        recorder = Run(cmdlet => (cmdlet.Model, cmdlet.IsQuiet) = (other, true));
        Assert.Equal([false], recorder.Output);
        Assert.Empty(recorder.Failures);
        Assert.Equal([true], Run(cmdlet => cmdlet.IsQuiet = true).Output);
    }

    [Theory]
    [InlineData(0.999, null, null, @"other numbers: smallest cosine 0\.9\d+ is below 0\.999\.$")]
    [InlineData(null, 0.9999, null, @"other numbers: mean cosine 0\.9\d+ is below 0\.9999\.$")]
    [InlineData(null, null, 1e-2, @"other numbers: largest difference [0-9.]+e-[12] is above 1e-2\.$")]
    public void Each_threshold_decides_and_is_named_with_what_missed_it(double? cosine, double? mean, double? tolerance, string said)
    {
        using ColbertModel quantized = ColbertModel.Load(Model, new() { Quantized = true });
        ColbertParity loose = (ColbertParity)Run(cmdlet => (cmdlet.Model, cmdlet.MinimumCosine, cmdlet.MinimumMeanCosine, cmdlet.Tolerance) = (quantized, 0.5, 0.5, 1)).Output[0];
        Assert.True(loose.Passed);
        Assert.True(loose.SmallestCosine < 0.999 && loose.LargestDifference > 1e-2, loose.ToString());
        Recorder recorder = Run(cmdlet => (cmdlet.Model, cmdlet.MinimumCosine, cmdlet.MinimumMeanCosine, cmdlet.Tolerance) = (quantized, cosine ?? 0.5, mean ?? 0.5, tolerance ?? 1));
        ColbertException error = Assert.Single(recorder.Failures).Error;
        Assert.Equal(ColbertErrorId.ParityMissed, error.Id);
        Assert.Matches(said, error.Message);
        Assert.Equal(ColbertParityCause.OtherNumbers, ((ColbertParity)recorder.Output[0]).Causes[0].Key);
    }

    [Fact]
    public void Another_model_is_a_reference_for_texts_of_the_pipeline()
    {
        using ColbertModel quantized = ColbertModel.Load(Model, new() { Quantized = true });
        TestColbertParityCommand cmdlet = new() { Model = quantized, ReferenceModel = Model, Query = ["what is it"], MinimumCosine = 0, MinimumMeanCosine = 0, Tolerance = 2 };
        object?[] items = ["one", "two words", "x\ud800y", null];
        Recorder recorder = CmdletRun.Run(cmdlet, items.Select(item => (Action<TestColbertParityCommand>)(c => c.Document = [item!])));
        ColbertParity parity = Assert.IsType<ColbertParity>(Assert.Single(recorder.Output));
        Assert.Equal("bert-base (FP32)", parity.Reference);
        Assert.Equal((4, 1, 1), (parity.Texts, parity.Queries, parity.Missed));
        Assert.Equal([ColbertErrorId.InputInvalid, ColbertErrorId.InputInvalid, ColbertErrorId.ParityMissed], recorder.Failures.Select(failure => failure.Error.Id));
        Assert.Equal((1, 2), (parity.Ranking!.Queries, parity.Ranking.Documents));
    }

    [Fact]
    public void A_model_is_not_compared_with_itself()
    {
        using ColbertModel model = ColbertModel.Load(Model), same = ColbertModel.Load(Model, new() { Sessions = 2 });
        Recorder recorder = CmdletRun.Run(new TestColbertParityCommand { Model = model, ReferenceModel = same });
        Assert.Contains("with itself", Assert.Single(recorder.Failures).Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_is_written_once_and_asked_for_first()
    {
        using var folder = new TemporaryFolder();
        Recorder recorder = Run(cmdlet => cmdlet.ReportPath = folder.File("report.html"));
        Assert.Empty(recorder.Failures);
        Assert.Equal([folder.File("report.html")], recorder.Asked);
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(folder.File("report.html")), StringComparison.Ordinal);
        recorder = Run(cmdlet => cmdlet.ReportPath = folder.File("report.html"));
        Assert.Equal(ColbertErrorId.OutputExists, Assert.Single(recorder.Failures).Error.Id);
        Assert.Empty(recorder.Output);
    }

    [Fact]
    public void A_reference_is_written_of_texts_of_the_pipeline_and_holds()
    {
        using var folder = new TemporaryFolder();
        NewColbertReferenceCommand cmdlet = new() { Destination = folder.File("pin.safetensors"), Model = Model, Query = ["a query"] };
        object[] items = ["one", "two words", new FileInfo(folder.With("three.md", "three").File("three.md"))];
        Recorder recorder = CmdletRun.Run(cmdlet, items.Select(item => (Action<NewColbertReferenceCommand>)(c => c.Document = [item])));
        Assert.Empty(recorder.Failures);
        Assert.Equal(["pin.safetensors", "pin.json"], recorder.Output.Cast<FileInfo>().Select(file => file.Name));
        Assert.Equal([folder.File("pin.safetensors")], recorder.Asked);

        List<ColbertTextParity> texts = [.. Run(c => (c.Reference, c.IsDetailed, c.Tolerance) = (folder.File("pin.json"), true, 0)).Output.Cast<ColbertTextParity>()];
        Assert.Equal(["a query", "one", "two words", "three"], texts.Select(text => text.Text));
        Assert.All(texts, text => Assert.Equal((true, 0.0), (text.Passed, text.LargestDifference)));

        recorder = CmdletRun.Run(new NewColbertReferenceCommand { Destination = folder.File("pin.safetensors"), Model = Model });
        Assert.Equal(ColbertErrorId.OutputExists, Assert.Single(recorder.Failures).Error.Id);
    }

    [Fact]
    public void A_reference_with_a_bad_text_is_none()
    {
        using var folder = new TemporaryFolder();
        Recorder recorder = CmdletRun.Run(new NewColbertReferenceCommand { Destination = folder.File("pin.safetensors"), Model = Model, Document = ["fine", "x\ud800y"] });
        Assert.Equal(ColbertErrorId.InputInvalid, Assert.Single(recorder.Failures).Error.Id);
        recorder = CmdletRun.Run(new NewColbertReferenceCommand { Destination = folder.File("pin.npz"), Model = Model });
        Assert.Contains(".safetensors", Assert.Single(recorder.Failures).Error.Action, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Stopping_ends_a_comparison()
    {
        using ColbertModel other = ColbertModel.Load(Model, new() { DocumentLength = 30 });
        TestColbertParityCommand cmdlet = new() { Model = Model, ReferenceModel = other };
        using var timer = new Timer(_ => CmdletRun.Stop(cmdlet), null, 300, Timeout.Infinite);
        IEnumerable<Action<TestColbertParityCommand>> texts = Enumerable.Repeat<Action<TestColbertParityCommand>>(c => c.Document = ["some text"], 10_000_000);
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await Assert.ThrowsAsync<System.Management.Automation.PipelineStoppedException>(() => Task.Run(() => CmdletRun.Run(cmdlet, texts), cancellation).WaitAsync(ChildProcess.Patience, cancellation));
    }

    [Fact]
    public async Task The_command_passes_or_misses_by_its_exit_code_in_words_and_in_JSON()
    {
        var run = await ColbertProcess.Run(null, "parity", "--model", Model, "--reference", Stored);
        Assert.Equal((0, ""), (run.Exit, run.Error));
        Assert.Contains("22 (10 queries), ", run.Output, StringComparison.Ordinal);
        Assert.Contains("all passed", run.Output, StringComparison.Ordinal);

        using var folder = new TemporaryFolder();
        run = await ColbertProcess.Run(null, "parity", "--model", Model, "--reference", Stored, "--json", "--skiplist", "", "--report-path", folder.File("page.html"));
        Assert.Equal(1, run.Exit);
        Assert.StartsWith("colbert: ParityMissed: bert-base against bert-base.json: ", run.Error, StringComparison.Ordinal);
        JsonElement json = JsonDocument.Parse(run.Output).RootElement;
        Assert.False(json.GetProperty("passed").GetBoolean());
        Assert.Equal(json.GetProperty("missed").GetInt64(), json.GetProperty("causes").GetProperty("skiplistDropped").GetInt64());
        Assert.True(File.Exists(folder.File("page.html")));

        run = await ColbertProcess.Run(null, "parity", "--model", Model, "--reference", Stored, "--json", "--detailed");
        Assert.Equal(Enumerable.Range(1, 22), run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("number").GetInt32()));
    }

    [Fact]
    public async Task The_command_writes_references_and_compares_models()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("documents.txt", "one\ntwo words\n").With("queries.jsonl", "{\"text\":\"a query\"}\n");
        var run = await ColbertProcess.Run(null, "reference", "--model", Model, "-o", folder.File("pin.safetensors"), "--queries", folder.File("queries.jsonl"), "--", folder.File("documents.txt"));
        Assert.Equal((0, ""), (run.Exit, run.Error));
        Assert.Equal([folder.File("pin.safetensors"), folder.File("pin.json")], run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        run = await ColbertProcess.Run(null, "parity", "--model", Model, "--reference", folder.File("pin.safetensors"), "--tolerance", "0");
        Assert.Equal(0, run.Exit);
        Assert.Contains("3 (1 queries)", run.Output, StringComparison.Ordinal);

        run = await ColbertProcess.Run("one\ntwo\n", "parity", "--model", Model, "--quantized", "--reference-model", Model, "--minimum-cosine", "-1", "--minimum-mean-cosine", "-1", "--tolerance", "2", "-");
        Assert.Equal((0, ""), (run.Exit, run.Error));
        Assert.Contains("bert-base (INT8) against bert-base (FP32)", run.Output, StringComparison.Ordinal);
        run = await ColbertProcess.Run(null, "parity", "--model", Model, "--reference-model", Model);
        Assert.Equal(2, run.Exit);
        Assert.Contains("with itself", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--reference a.json --reference-model b")]
    [InlineData("--reference a.json --tolerance -1")]
    [InlineData("--reference a.json --minimum-cosine 2")]
    [InlineData("--reference a.json --reference-kind text")]
    [InlineData("--reference a.json --queries b.txt")]
    public async Task Wrong_usage_is_told_with_exit_code_2(string line)
    {
        var run = await ColbertProcess.Run(null, ["parity", .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.NotEmpty(run.Error);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    private static TestColbertParityCommand Cmdlet() => new() { Model = Model, Reference = Stored };

    private static Recorder Run(Action<TestColbertParityCommand>? set = null)
    {
        TestColbertParityCommand cmdlet = Cmdlet();
        set?.Invoke(cmdlet);
        return CmdletRun.Run(cmdlet);
    }
}
