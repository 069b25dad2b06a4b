using System.Text.Json;

namespace ColbertOnnx.Tests.Faces;

[Collection(nameof(Alone))]
public sealed class ParityTests
{
    private static readonly string Model = TestData.Path("onnx", "bert-base"),
        Stored = TestData.Path("references", "bert-base.safetensors");

    [Fact]
    public async Task The_command_passes_or_misses_by_its_exit_code_in_words_and_in_JSON()
    {
        var run = await ColbertProcess.Run(null, "parity", "--model", Model, "--reference", Stored);
        Assert.Equal((0, ""), (run.Exit, run.Error));
        Assert.Contains("22 (10 queries), ", run.Output, StringComparison.Ordinal);
        Assert.Contains("all passed", run.Output, StringComparison.Ordinal);

        using var folder = new TemporaryFolder();
        run = await ColbertProcess.Run(
            null, "parity", "--model", Model, "--reference", Stored, "--json", "--skiplist", "", "--report-path", folder.File("page.html"));
        Assert.Equal(1, run.Exit);
        Assert.StartsWith("colbert: ParityMissed: bert-base against bert-base.json: ", run.Error, StringComparison.Ordinal);
        JsonElement json = JsonDocument.Parse(run.Output).RootElement;
        Assert.False(json.GetProperty("passed").GetBoolean());
        Assert.Equal(json.GetProperty("missed").GetInt64(), json.GetProperty("causes").GetProperty("skiplistDropped").GetInt64());
        Assert.True(File.Exists(folder.File("page.html")));

        run = await ColbertProcess.Run(null, "parity", "--model", Model, "--reference", Stored, "--json", "--detailed");
        Assert.Equal(
            Enumerable.Range(1, 22),
            run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("number").GetInt32()));
    }

    [Fact]
    public async Task The_command_writes_references_and_compares_models()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("documents.txt", "one\ntwo words\n")
            .With("queries.jsonl", "{\"text\":\"a query\"}\n");
        var run = await ColbertProcess.Run(
            null, "reference", "--model", Model, "-o", folder.File("pin.safetensors"), "--queries", folder.File("queries.jsonl"), "--",
            folder.File("documents.txt"));
        Assert.Equal((0, ""), (run.Exit, run.Error));
        Assert.Equal(
            [folder.File("pin.safetensors"), folder.File("pin.json")], run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        run = await ColbertProcess.Run(null, "parity", "--model", Model, "--reference", folder.File("pin.safetensors"), "--tolerance", "0");
        Assert.Equal(0, run.Exit);
        Assert.Contains("3 (1 query)", run.Output, StringComparison.Ordinal);

        run = await ColbertProcess.Run(
            "one\ntwo\n", "parity", "--model", Model, "--quantized", "--reference-model", Model, "--minimum-cosine", "-1",
            "--minimum-mean-cosine", "-1", "--tolerance", "2", "-");
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
}
