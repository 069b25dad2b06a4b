namespace ColbertOnnx.Tests.Cmdlets;

/// <summary>An output of a cmdlet never takes the place of what it is made from, not even by force.</summary>
public sealed class OutputIsInputTests
{
    private const string Source = "{\"text\":\"bread\"}\n";

    [Fact]
    public void By_a_cmdlet()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A link needs rights.");
        using TemporaryFolder folder = new TemporaryFolder().With("src.jsonl", Source);
        string file = folder.File("src.jsonl"), link = folder.File("link.jsonl");
        File.CreateSymbolicLink(link, "src.jsonl");
        AssertRefused("Measure-ColbertThroughput", new() { ["LiteralPath"] = file, ["ReportPath"] = link });
        AssertRefused("Measure-ColbertThroughput", new() { ["Baseline"] = file, ["ReportPath"] = file });
        AssertRefused("Test-ColbertParity", new() { ["Reference"] = file, ["ReportPath"] = file });
        Assert.Equal(Source, File.ReadAllText(file));
    }

    private static void AssertRefused(string cmdlet, Dictionary<string, object?> parameters)
    {
        var failure = Assert.Single(CmdletRun.Run(
            cmdlet, new(parameters) { ["Force"] = true, ["Model"] = TestData.Path("onnx", "bert-base") }).Failures);
        Assert.Equal(
            (ColbertErrorId.OutputExists, true),
            (failure.Error.Id, failure.Error.Message.Contains("would replace the input", StringComparison.Ordinal)));
    }
}
