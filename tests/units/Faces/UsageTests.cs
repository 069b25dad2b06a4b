namespace ColbertOnnx.Tests.Faces;

/// <summary>Wrong arguments are told in words for who wrote them.</summary>
public sealed class UsageTests
{
    private static readonly string Model = TestData.Path("onnx", "bert-base");

    [Theory]
    [InlineData("encode --document x.txt -o - --typ int8", "'--typ'", "--type\n")]
    [InlineData("encode --document x.txt -o - --text-filed=body", "'--text-filed'", "--text-field\n")]
    [InlineData("encode --documnt x.txt -o -", "'--documnt'", "--document\n")]
    [InlineData("reference -q x.txt -o out.safetensors", "'-q'", "")]
    [InlineData("tokenize --document-length 3 x.txt", "'--document-length'", "")]
    [InlineData("score --query x --tpo 3 x.txt", "'--tpo'", "--top\n")]
    [InlineData("export --forc", "'--forc'", "--force\n")]
    [InlineData("demo --foo", "'--foo'", "")]
    public async Task An_option_that_is_not_known_is_no_file(string line, string said, string meant)
    {
        string error = await Refused(line);
        Assert.Contains($"Unrecognized command or argument {said}", error, StringComparison.Ordinal);
        Assert.Contains(meant, error, StringComparison.Ordinal);
        Assert.Contains($"'colbert {line.Split(' ')[0]} --help'", error, StringComparison.Ordinal);
        Assert.DoesNotContain("There is no file", error, StringComparison.Ordinal);
        Assert.DoesNotContain("is required", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_two_dashes_a_name_is_a_file_and_the_value_of_an_option_is_a_value()
    {
        var run = await ColbertProcess.Run(null, "tokenize", "--", "-missing");
        Assert.Equal(2, run.Exit);
        Assert.Contains("There is no file '-missing'", run.Error, StringComparison.Ordinal);
        run = await ColbertProcess.Run("one\n", "score", "--model", Model, "-q", "-foo", "-");
        Assert.Equal((0, ""), (run.Exit, run.Error));
    }

    [Theory]
    [InlineData("encode --document x.txt -o - --type float8", "--type is one of float32, float16, int8, binary; 'float8' is none of them.")]
    [InlineData("encode --document x.txt -o - --type 7", "--type is one of float32, float16, int8, binary; '7' is none of them.")]
    [InlineData(
        "encode --document x.txt -o - --query-expansion maybe", "--query-expansion is one of on, off, attend; 'maybe' is none of them.")]
    [InlineData("parity --reference a.json --reference-kind text", "--reference-kind is one of query, document; 'text' is none of them.")]
    [InlineData("encode --document x.txt -o - --sessions two", "--sessions takes a whole number, not 'two'.")]
    [InlineData("throughput --tolerance some", "--tolerance is a part: at least 0 and less than 1.")]
    [InlineData("score --query x", "Give INPUT, the texts to rank, or embeddings of them with --embeddings.")]
    [InlineData("encode --document x.txt -o", "Required argument missing for option: '-o'.")]
    [InlineData("encode --document x.txt -o - --layout", "Standard output knows neither --resume nor --layout")]
    [InlineData("encode --document missing.txt -o - --resume false", "There is no file 'missing.txt'")]
    [InlineData("merge x.npz -o", "Required argument missing for option: '-o'.")]
    [InlineData("parity --reference", "Required argument missing for option: '--reference'.")]
    [InlineData("parity --reference-model", "Required argument missing for option: '--reference-model'.")]
    [InlineData("score --query x --embeddings", "Required argument missing for option: '--embeddings'.")]
    [InlineData("score x.txt --query", "Required argument missing for option: '--query'.")]
    [InlineData("parity --reference-model m --reference-text x.txt", "--reference-text belongs to --reference.")]
    [InlineData("parity --reference-model m --reference-kind query", "--reference-kind belongs to --reference.")]
    [InlineData("parity --reference x.json --reference-quantized", "--reference-quantized belongs to --reference-model.")]
    [InlineData("throughput --text-field body", "--text-field says how texts are read, and there are none to read: name an INPUT.")]
    [InlineData("reference -o out.safetensors --input-format csv", "--input-format says how texts are read, and there are none to read")]
    [InlineData("parity --reference-model m --no-header", "--no-header says how texts are read, and there are none to read")]
    [InlineData("tokenize", "'tokenize': INPUT.")]
    [InlineData("export", "'export': CHECKPOINT.")]
    public async Task What_would_be_right_is_said(string line, string said)
    {
        string error = await Refused(line);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.DoesNotContain("expected type", error, StringComparison.Ordinal);
        Assert.DoesNotContain("ColbertOnnx.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_is_not_known_was_given_all_the_same()
    {
        string error = await Refused("encod x.txt");
        Assert.Contains("encode\n", error, StringComparison.Ordinal);
        Assert.Contains("'encod'", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Required", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("help", "--help")]
    [InlineData("help encode", "encode --help")]
    public async Task Help_is_a_word_as_well(string line, string same)
    {
        var run = await ColbertProcess.Run(null, line.Split(' '));
        Assert.Equal((0, ""), (run.Exit, run.Error));
        Assert.Equal((await ColbertProcess.Run(null, same.Split(' '))).Output, run.Output);
    }

    [Theory]
    [InlineData("score --query x", "c.npz")]
    [InlineData("encode --document -o -", "c.npy")]
    [InlineData("tokenize", "c.safetensors")]
    public async Task Embeddings_are_no_texts(string command, string name)
    {
        using TemporaryFolder folder = new TemporaryFolder().With(name, "x");
        var run = await ColbertProcess.Run(null, [.. command.Split(' '), folder.File(name)]);
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.Contains($"{name}' holds embeddings, not texts.", run.Error, StringComparison.Ordinal);
        Assert.Contains("Import-ColbertEmbedding", run.Error, StringComparison.Ordinal);
    }

    private static async Task<string> Refused(string line)
    {
        var run = await ColbertProcess.Run(null, line.Split(' '));
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        return run.Error;
    }
}
