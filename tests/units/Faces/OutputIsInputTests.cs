using ColbertOnnx.Embeddings;

namespace ColbertOnnx.Tests.Faces;

/// <summary>An output never takes the place of what it is made from, not even by force.</summary>
public sealed class OutputIsInputTests
{
    private const string Source = "{\"text\":\"bread\"}\n";

    private static string Model => TestData.Path("onnx", "bert-base");

    [Theory]
    [InlineData("src.jsonl", "src.jsonl")]
    [InlineData("src.jsonl", "link.jsonl")]
    [InlineData("link.jsonl", "src.jsonl")]
    [InlineData("here/src.jsonl", "src.jsonl")]
    [InlineData("src.jsonl", "here/link.jsonl")]
    [InlineData("doc_texts.jsonl", "here/")]
    public void By_any_name(string input, string output)
    {
        using TemporaryFolder folder = Folder();
        var error = Assert.Throws<ColbertException>(() => OutputTarget.RefuseInputs(
            folder.File(output), folder.File("other.txt"), folder.File(input)));
        Assert.Equal(ColbertErrorId.OutputExists, error.Id);
        Assert.Contains(folder.File(output), error.Message, StringComparison.Ordinal);
        Assert.Contains(folder.File(input), error.Message, StringComparison.Ordinal);
        OutputTarget.RefuseInputs(folder.File("new.jsonl"), folder.File(input), "-");
        OutputTarget.RefuseInputs(folder.File("here"), folder.File("src.jsonl"));
    }

    [Theory]
    [InlineData("encode", "--document", "{src}", "-o", "{src}")]
    [InlineData("encode", "--document", "{src}", "-o", "{link}")]
    [InlineData("encode", "--document", "{src}", "-o", "{src}", "--resume")]
    [InlineData("encode", "--document", "{doc_texts}", "-o", "{folder}")]
    [InlineData("reference", "--queries", "{reference}", "-o", "{reference}")]
    [InlineData("parity", "--reference", "{src}", "--report-path", "{link}")]
    [InlineData("throughput", "{src}", "--report-path", "{src}")]
    [InlineData("throughput", "--baseline", "{src}", "--report-path", "{src}")]
    public async Task By_a_command(params string[] arguments)
    {
        using TemporaryFolder folder = Folder();
        string[] named = [.. arguments.Select(a => a switch
        {
            "{src}" => folder.File("src.jsonl"),
            "{link}" => folder.File("link.jsonl"),
            "{doc_texts}" => folder.File("doc_texts.jsonl"),
            "{reference}" => folder.File("reference.json"),
            "{folder}" => folder.Path,
            _ => a,
        })];
        var run = await ColbertProcess.Run(null, [.. named, "--force", "--model", Model]);
        Assert.Equal(2, run.Exit);
        Assert.Contains("OutputExists", run.Error, StringComparison.Ordinal);
        Assert.Contains("would replace the input", run.Error, StringComparison.Ordinal);
        Assert.All(new[] { "src.jsonl", "doc_texts.jsonl" }, name => Assert.Equal(Source, File.ReadAllText(folder.File(name))));
    }

    private static TemporaryFolder Folder()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A link needs rights.");
        TemporaryFolder folder = new TemporaryFolder().With("src.jsonl", Source).With("doc_texts.jsonl", Source)
            .With("reference.json", "{\"texts\":[\"bread\"]}").With("other.txt", "x\n");
        File.CreateSymbolicLink(folder.File("link.jsonl"), "src.jsonl");
        Directory.CreateSymbolicLink(folder.File("here"), ".");
        return folder;
    }
}
