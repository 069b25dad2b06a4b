using ColbertOnnx.PowerShell.Commands;

namespace ColbertOnnx.Tests.Faces;

/// <summary>Files of texts, through every command and cmdlet that reads them.</summary>
[Collection(nameof(Alone))]
public sealed class InputFaceTests
{
    private static readonly string Model = TestData.Path("onnx", "bert-base");

    public static TheoryData<string> Commands() =>
        ["encode --document -o OUT.jsonl", "score --query x --json", "tokenize", "throughput --repeat 1", $"parity --quantized --reference-model {Model} --minimum-cosine -1 --minimum-mean-cosine -1 --tolerance 2", "reference -o OUT.safetensors"];

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
        using TemporaryFolder folder = new TemporaryFolder().With("in.tsv", "0\tThe first passage.\n1\t\"Quoted start, and never closed\n2\tA 5\" disk\n3\tlast\n");
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
        string[] arguments = ["--reference", folder.File("e.npz"), "--reference-text", folder.File("texts.tsv"), "--no-header", "--text-field"];
        Assert.Equal(0, (await Run(folder, "parity", [.. arguments, "2"])).Exit);
        var run = await Run(folder, "parity", [.. arguments, "3"]);
        Assert.Equal(2, run.Exit);
        Assert.Contains("texts.tsv:1", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_a_cmdlet_have_the_same_options()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("in.tsv", "0\tThe first\n1\t\"Quoted start\n2\ta\tb\n").With("semi.csv", "body;x\na;1\n");
        MeasureColbertThroughputCommand cmdlet = Cmdlet(folder.File("in.tsv"));
        (cmdlet.IsHeaderless, cmdlet.TextProperty) = (true, "2");
        Recorder recorder = CmdletRun.Run(cmdlet);
        Assert.Equal(2, Assert.IsType<ColbertOnnx.Diagnostics.ColbertThroughput>(Assert.Single(recorder.Output)).Texts.Count);
        Assert.Contains("in.tsv:3: row 3 has 3 fields", Assert.Single(recorder.Failures).Error.Message, StringComparison.Ordinal);

        cmdlet = Cmdlet(folder.File("semi.csv"));
        cmdlet.TextProperty = "body";
        ColbertException error = CmdletRun.Run(cmdlet).Failures[0].Error;
        Assert.Contains("-Delimiter ';'", error.Action, StringComparison.Ordinal);
        cmdlet = Cmdlet(folder.File("semi.csv"));
        (cmdlet.Delimiter, cmdlet.TextProperty) = (";", "body");
        Assert.Single(CmdletRun.Run(cmdlet).Output);
    }

    [Fact]
    public void A_text_file_in_another_encoding_is_an_error_of_its_own_beside_the_others()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("good.md", "fine");
        File.WriteAllBytes(folder.File("wide.md"), System.Text.Encoding.Unicode.GetBytes("Some text"));
        Recorder recorder = CmdletRun.Run(new ConvertToColbertEmbeddingCommand { Model = Model, IsDocument = true, LiteralPath = [folder.File("wide.md"), folder.File("good.md")] });
        Assert.Equal(["fine"], recorder.Embeddings.Select(embedding => embedding.Text));
        Assert.Contains("looks like UTF-16", Assert.Single(recorder.Failures).Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_import_passes_over_is_a_warning()
    {
        using var folder = new TemporaryFolder();
        ColbertEmbeddingFile.Write(folder.File("e.npz"), []);
        using (var zip = System.IO.Compression.ZipFile.Open(folder.File("e.npz"), System.IO.Compression.ZipArchiveMode.Update)) zip.CreateEntry("config.json").Open().Dispose();
        Recorder recorder = CmdletRun.Run(new ImportColbertEmbeddingCommand { LiteralPath = [folder.File("e.npz")] });
        Assert.Contains("config.json is passed over", Assert.Single(recorder.Warnings), StringComparison.Ordinal);
    }

    private static MeasureColbertThroughputCommand Cmdlet(string path) => new() { Model = Model, Repeat = 1, LeastRound = TimeSpan.FromMilliseconds(1), LiteralPath = [path] };

    private static Task<(int Exit, string Output, string Error)> Run(TemporaryFolder folder, string command, params string[] arguments) =>
        ColbertProcess.Run(null, [.. command.Replace("OUT", folder.File("OUT"), StringComparison.Ordinal).Split(' '), "--model", Model, .. arguments]);
}
