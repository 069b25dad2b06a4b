using ColbertOnnx.Tests.Faces;

namespace ColbertOnnx.Tests.Diagnostics.Limit;

public sealed class UncountedTests
{
    [Fact]
    public async Task Without_a_place_for_temporary_files_all_is_measured_but_the_limit()
    {
        using var folder = new TemporaryFolder();
        string missing = folder.File("none"), model = TestData.Path("onnx", "bert-base");
        string[] names = ["TMPDIR", "TMP", "TEMP"];
        var run = await ColbertProcess.RunWith(
            names.ToDictionary(name => name, _ => missing), "one text\n", "throughput", "--model", model, "-", "--repeat", "1");
        Assert.Equal(0, run.Exit);
        Assert.Contains("share of raw loop", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("limit", run.Output, StringComparison.Ordinal);
        string said = $"The share of the limit was not measured. No temporary file could be written in '{missing}";
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
    }
}
