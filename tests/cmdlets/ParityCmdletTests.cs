using System.Text.Json;
using ColbertOnnx.Diagnostics;
using ColbertOnnx.Tests.Faces;

namespace ColbertOnnx.Tests.Cmdlets;

[Collection(nameof(Alone))]
public sealed class ParityCmdletTests
{
    private static readonly string Model = TestData.Path("onnx", "bert-base"),
        Stored = TestData.Path("references", "bert-base.safetensors");

    [Theory]
    [MemberData(nameof(ErrorCases.ReferenceNames), MemberType = typeof(ErrorCases))]
    public async Task A_broken_reference_is_told_with_the_place(string name)
    {
        JsonElement c = ErrorCases.Reference(name);
        using var folder = new TemporaryFolder();
        string reference = ErrorCases.BuildReference(c, folder);
        CmdletRun compared = Test(new() { ["Reference"] = reference });
        ColbertException error = Assert.Single(compared.Failures).Error;
        Assert.Equal(ErrorCases.ErrorOf(c), error.Id);
        Assert.Empty(compared.Output);
        Assert.NotEmpty(error.Action!);
        Assert.NotEmpty(error.Target!);

        var run = await ColbertProcess.Run(null, "parity", "--model", Model, "--reference", reference);
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
        ColbertParity parity = Assert.IsType<ColbertParity>(Assert.Single(Test([]).Output));
        Assert.True(parity.Passed);
        Assert.Equal((22, 10), (parity.Texts, parity.Queries));

        CmdletRun detailed = Test(new() { ["Detailed"] = true });
        Assert.Equal(Enumerable.Range(1, 22).Select(i => (long)i), detailed.Output.Cast<ColbertTextParity>().Select(text => text.Number));
        Assert.All(detailed.Output.Cast<ColbertTextParity>(), text => Assert.True(text.Passed && text.WorstToken is not null));
    }

    [Fact]
    public void A_miss_is_an_error_beside_the_result_and_with_Quiet_only_an_answer()
    {
        using ColbertModel other = ColbertModel.Load(Model, new() { DocumentLength = 20 });
        CmdletRun run = Test(new() { ["Model"] = other });
        ColbertParity parity = Assert.IsType<ColbertParity>(Assert.Single(run.Output));
        Assert.False(parity.Passed);
        (ColbertException error, object? target) = Assert.Single(run.Failures);
        Assert.Equal(ColbertErrorId.ParityMissed, error.Id);
        Assert.Same(parity, target);
        Assert.Contains("CutLater", error.Message, StringComparison.Ordinal);
        Assert.Contains("document_length is '48' in the reference and '20' here", error.Action, StringComparison.Ordinal);

        run = Test(new() { ["Model"] = other, ["Quiet"] = true });
        Assert.Equal([false], run.Output);
        Assert.Empty(run.Failures);
        Assert.Equal([true], Test(new() { ["Quiet"] = true }).Output);
    }

    [Theory]
    [InlineData(0.999, null, null, @"other values: smallest cosine 0\.9\d+ is below 0\.999\.$")]
    [InlineData(null, 0.9999, null, @"other values: mean cosine 0\.9\d+ is below 0\.9999\.$")]
    [InlineData(null, null, 1e-2, @"other values: largest difference [0-9.]+e-[12] is above 1e-2\.$")]
    public void Each_threshold_decides_and_is_named_with_what_missed_it(double? cosine, double? mean, double? tolerance, string said)
    {
        using ColbertModel quantized = ColbertModel.Load(Model, new() { Quantized = true });
        ColbertParity loose = (ColbertParity)Test(new()
        {
            ["Model"] = quantized,
            ["MinimumCosine"] = 0.5,
            ["MinimumMeanCosine"] = 0.5,
            ["Tolerance"] = 1,
        }).Output[0];
        Assert.True(loose.Passed);
        Assert.True(loose.SmallestCosine < 0.999 && loose.LargestDifference > 1e-2, loose.ToString());
        CmdletRun run = Test(new()
        {
            ["Model"] = quantized,
            ["MinimumCosine"] = cosine ?? 0.5,
            ["MinimumMeanCosine"] = mean ?? 0.5,
            ["Tolerance"] = tolerance ?? 1,
        });
        ColbertException error = Assert.Single(run.Failures).Error;
        Assert.Equal(ColbertErrorId.ParityMissed, error.Id);
        Assert.Matches(said, error.Message);
        Assert.Equal(ColbertParityCause.OtherNumbers, ((ColbertParity)run.Output[0]).Causes[0].Key);
    }

    [Fact]
    public void Another_model_is_a_reference_for_texts_of_the_pipeline()
    {
        using ColbertModel quantized = ColbertModel.Load(Model, new() { Quantized = true });
        Dictionary<string, object?> parameters = new()
        {
            ["Model"] = quantized,
            ["ReferenceModel"] = Model,
            ["Query"] = "what is it",
            ["MinimumCosine"] = 0,
            ["MinimumMeanCosine"] = 0,
            ["Tolerance"] = 2,
        };
        CmdletRun run = CmdletRun.Run("Test-ColbertParity", parameters, new[] { "one", "two words", "x\ud800y", null });
        ColbertParity parity = Assert.IsType<ColbertParity>(Assert.Single(run.Output));
        Assert.Equal("bert-base (FP32)", parity.Reference);
        Assert.Equal((4, 1, 1), (parity.Texts, parity.Queries, parity.Missed));
        Assert.Equal(
            [ColbertErrorId.InputInvalid, ColbertErrorId.InputInvalid, ColbertErrorId.ParityMissed],
            run.Failures.Select(failure => failure.Error.Id));
        Assert.Equal((1, 2), (parity.Ranking!.Queries, parity.Ranking.Documents));
    }

    [Fact]
    public void A_model_is_not_compared_with_itself()
    {
        using ColbertModel model = ColbertModel.Load(Model), same = ColbertModel.Load(Model, new() { Sessions = 2 });
        CmdletRun run = CmdletRun.Run("Test-ColbertParity", new() { ["Model"] = model, ["ReferenceModel"] = same });
        Assert.Contains("with itself", Assert.Single(run.Failures).Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_is_written_once_and_asked_for_first()
    {
        using var folder = new TemporaryFolder();
        CmdletRun run = Test(new() { ["ReportPath"] = folder.File("report.html") });
        Assert.Empty(run.Failures);
        Assert.Equal([folder.File("report.html")], run.Asked);
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(folder.File("report.html")), StringComparison.Ordinal);
        run = Test(new() { ["ReportPath"] = folder.File("report.html") });
        Assert.Equal(ColbertErrorId.OutputExists, Assert.Single(run.Failures).Error.Id);
        Assert.Empty(run.Output);
    }

    [Fact]
    public void A_reference_is_written_of_texts_of_the_pipeline_and_holds()
    {
        using var folder = new TemporaryFolder();
        object[] items = ["one", "two words", new FileInfo(folder.With("three.md", "three").File("three.md"))];
        CmdletRun run = Write(folder.File("pin.safetensors"), new() { ["Query"] = "a query" }, items);
        Assert.Empty(run.Failures);
        Assert.Equal(["pin.safetensors", "pin.json"], run.Output.Cast<FileInfo>().Select(file => file.Name));
        Assert.Equal([folder.File("pin.safetensors")], run.Asked);

        List<ColbertTextParity> texts =
        [
            .. Test(new()
            {
                ["Reference"] = folder.File("pin.json"),
                ["Detailed"] = true,
                ["Tolerance"] = 0,
            }).Output.Cast<ColbertTextParity>(),
        ];
        Assert.Equal(["a query", "one", "two words", "three"], texts.Select(text => text.Text));
        Assert.All(texts, text => Assert.Equal((true, 0.0), (text.Passed, text.LargestDifference)));
        Assert.Equal(ColbertErrorId.OutputExists, Assert.Single(Write(folder.File("pin.safetensors"), []).Failures).Error.Id);
    }

    [Fact]
    public void A_reference_with_a_bad_text_is_none()
    {
        using var folder = new TemporaryFolder();
        CmdletRun run = Write(folder.File("pin.safetensors"), new() { ["Document"] = new[] { "fine", "x\ud800y" } });
        Assert.Equal(ColbertErrorId.InputInvalid, Assert.Single(run.Failures).Error.Id);
        run = Write(folder.File("pin.npz"), []);
        Assert.Contains(".safetensors", Assert.Single(run.Failures).Error.Action, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Stopping_ends_a_comparison()
    {
        using ColbertModel other = ColbertModel.Load(Model, new() { DocumentLength = 30 });
        // In one piece: between two items of a pipeline PowerShell ends it without the cmdlet's help.
        string[] texts = [.. Enumerable.Repeat("some text", 1_000_000)];
        using var run = new CmdletRun("Test-ColbertParity", new() { ["Model"] = Model, ["ReferenceModel"] = other, ["Document"] = texts });
        await run.StopLater();
    }

    [Theory]
    [InlineData("Query")]
    [InlineData("Document")]
    public void Nothing_in_the_place_of_texts_is_an_error_and_not_a_wish_for_texts_of_our_own(string parameter)
    {
        using var folder = new TemporaryFolder();
        using ColbertModel other = ColbertModel.Load(Model, new() { DocumentLength = 30 });
        CmdletRun run = CmdletRun.Run("Test-ColbertParity", new() { ["Model"] = Model, ["ReferenceModel"] = other, [parameter] = null });
        Assert.Contains("$null", run.Failures[0].Error.Message, StringComparison.Ordinal);
        Assert.All(run.Output, parity => Assert.Equal(0, ((ColbertParity)parity).Texts));
        run = Write(folder.File("pin.safetensors"), new() { [parameter] = null });
        Assert.Contains("$null", Assert.Single(run.Failures).Error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Nothing_from_the_pipeline_ends_a_reference()
    {
        using var folder = new TemporaryFolder();
        CmdletRun run = Write(folder.File("pin.safetensors"), [], ["one", null]);
        Assert.Contains("$null", Assert.Single(run.Failures).Error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    private static CmdletRun Test(Dictionary<string, object?> parameters) =>
        CmdletRun.Run("Test-ColbertParity", new Dictionary<string, object?> { ["Model"] = Model, ["Reference"] = Stored }.With(parameters));

    private static CmdletRun Write(string path, Dictionary<string, object?> parameters, IEnumerable<object?>? documents = null) =>
        CmdletRun.Run("New-ColbertReference", new(parameters) { ["Destination"] = path, ["Model"] = Model }, documents);
}
