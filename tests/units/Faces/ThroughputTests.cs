using ColbertOnnx.Tests.Diagnostics;

namespace ColbertOnnx.Tests.Faces;

[Collection(nameof(Alone))]
public sealed class ThroughputTests
{
    private static readonly string Model = TestData.Path("onnx", "bert-base");

    [Fact]
    public async Task The_command_gives_lines_of_json_and_exit_code_1_for_a_missed_baseline()
    {
        using var folder = new TemporaryFolder();
        string[] arguments =
        [
            "throughput", "--model", Model, "--token-count", "16", "--count", "8", "--repeat", "1", "--quantized", "true", "--json",
        ];
        var run = await ColbertProcess.Run(null, [.. arguments, "--sessions", "1,2", "--report-path", folder.File("page.html")]);
        Assert.Equal((0, ""), (run.Exit, run.Error));
        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.Empty(ThroughputSchema.Errors(line)));
        Assert.True(File.Exists(folder.File("page.html")));

        folder.With("slow.json", run.Output)
            .With(
                "fast.json",
                System.Text.RegularExpressions.Regex.Replace(
                    run.Output, "(\"documentsPerSecond\":{\"min\":[^,]*,\"median\":)[^,]*", "${1}9999999"));
        var missed = await ColbertProcess.Run(null, [.. arguments, "--sessions", "1", "--baseline", folder.File("fast.json")]);
        Assert.Equal(1, missed.Exit);
        Assert.StartsWith("colbert: BaselineMissed: bert-base, INT8, 1 session", missed.Error, StringComparison.Ordinal);
        Assert.Single(missed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(
            0,
            (await ColbertProcess.Run(
                null, [.. arguments, "--sessions", "2", "--baseline", folder.File("slow.json"), "--tolerance", "0.99"])).Exit);
    }

    [Fact]
    public async Task The_command_measures_what_it_reads_and_says_it_in_words()
    {
        var run = await ColbertProcess.Run("one\ntwo words\n", "throughput", "--model", Model, "-", "--repeat", "1");
        Assert.Equal((0, ""), (run.Exit, run.Error));
        Assert.Contains("bert-base, FP32", run.Output, StringComparison.Ordinal);
        Assert.Contains("2 of ", run.Output, StringComparison.Ordinal);
        Assert.Contains("share of raw loop", run.Output, StringComparison.Ordinal);
        Assert.Matches("share of limit +0[.][0-9]{3} ", run.Output);
        Assert.Matches("multiply-adds +[0-9]+[.][0-9]{2} M FP32 a text at [0-9]+ G/s\n", run.Output);
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
}
