
namespace ColbertOnnx.Tests.Faces;

/// <summary>Files of texts, through every command that reads them.</summary>
[Collection(nameof(Alone))]
public sealed class InputFaceTests
{
    private static readonly string Model = TestData.Path("onnx", "bert-base");

    public static TheoryData<string> Commands() =>
        [
            "encode --document -o OUT.jsonl", "score --query x --json", "tokenize", "throughput --repeat 1",
            $"parity --quantized --reference-model {Model} --minimum-cosine -1 --minimum-mean-cosine -1 --tolerance 2",
            "reference -o OUT.safetensors",
        ];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_row_that_would_be_cut_is_told_by_every_command(string command)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("in.csv", "id,text\n1,fine\n2,Bread, butter and jam\n3,good\n");
        var run = await Run(folder, command, folder.File("in.csv"));
        Assert.Equal(2, run.Exit);
        Assert.Contains("in.csv:3: row 2 has 3 fields, and the header has 2.", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_collection_of_the_field_is_read_by_every_command(string command)
    {
        using TemporaryFolder folder = new TemporaryFolder().With(
            "in.tsv", "0\tThe first passage.\n1\t\"Quoted start, and never closed\n2\tA 5\" disk\n3\tlast\n");
        var run = await Run(folder, command, folder.File("in.tsv"), "--no-header", "--text-field", "2", "--id-field", "1");
        Assert.Equal(0, run.Exit);
        if (command.StartsWith("encode", StringComparison.Ordinal))
        {
            Assert.Equal([("0", "The first passage."), ("1", "\"Quoted start, and never closed"), ("2", "A 5\" disk"), ("3", "last")],
                ColbertEmbeddingFile.Read(folder.File("OUT.jsonl")).Select(embedding => (embedding.Id!, embedding.Text)));
        }
        else if (command is "tokenize" || command.StartsWith("score", StringComparison.Ordinal))
        {
            Assert.Equal(4, run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        }
    }

    [Theory]
    [InlineData("in.txt", "text, a text a line", "--text-field", "body")]
    [InlineData("in.txt", "text, a text a line", "--no-header")]
    [InlineData("in.jsonl", "JSON, which has no columns", "--delimiter", "tab")]
    [InlineData("in.jsonl", "JSON, which has no columns", "--quoted")]
    public async Task An_option_that_could_do_nothing_is_refused(string name, string said, params string[] options)
    {
        using TemporaryFolder folder = new TemporaryFolder().With(name, "{\"text\":\"a\"}\n");
        var run = await Run(folder, "tokenize", [folder.File(name), .. options]);
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
        Assert.Contains(options[0], run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("id;text\n1;\"a;b\"\n", "in.csv", "--delimiter", ";")]
    [InlineData("id|text\n1|a;b\n", "in.csv", "--delimiter=|")]
    [InlineData("id\ttext\n1\t\"a;b\"\n", "in.tsv", "--quoted")]
    [InlineData("id\ttext\n1\t\"a;b\"\n", "in.csv", "--delimiter", "tab")]
    [InlineData("id\ttext\n1\t\"a;b\"\n", "in.csv", "--delimiter", "\\t", "--quoted", "true")]
    [InlineData("id,text\n1,a;b\n", "in.csv", "--quoted", "false")]
    public async Task Delimiter_and_quotes_are_options(string content, string name, params string[] options)
    {
        using TemporaryFolder folder = new TemporaryFolder().With(name, content);
        var run = await Run(folder, "tokenize", [folder.File(name), .. options]);
        Assert.Equal(0, run.Exit);
        Assert.Contains("\"text\":\"a;b\"", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_of_a_reference_are_read_by_the_same_options()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("texts.tsv", "7\tone\n8\ttwo\n");
        using ColbertModel model = ColbertModel.Load(Model);
        ColbertEmbeddingFile.Write(folder.File("e.npz"), model.EncodeDocuments(["one", "two"]));
        string[] arguments =
        [
            "--reference", folder.File("e.npz"), "--reference-text", folder.File("texts.tsv"), "--no-header", "--text-field",
        ];
        Assert.Equal(0, (await Run(folder, "parity", [.. arguments, "2"])).Exit);
        var run = await Run(folder, "parity", [.. arguments, "3"]);
        Assert.Equal(2, run.Exit);
        Assert.Contains("texts.tsv:1", run.Error, StringComparison.Ordinal);
    }

    private static Task<(int Exit, string Output, string Error)> Run(TemporaryFolder folder, string command, params string[] arguments) =>
        ColbertProcess.Run(
            null, [.. command.Replace("OUT", folder.File("OUT"), StringComparison.Ordinal).Split(' '), "--model", Model, .. arguments]);
}
