using System.Runtime.InteropServices;
using System.Text.Json;
using ColbertOnnx.Onnx;

namespace ColbertOnnx.Tests.Faces;

/// <summary>encode with a text among others that cannot be encoded.</summary>
public sealed class KeepGoingTests : IDisposable
{
    private static readonly string Model = TestData.Path("onnx", "bert-base");
    private readonly TemporaryFolder folder = new TemporaryFolder().With(
        "in.jsonl", "{\"id\":\"a\",\"text\":\"bread\"}\nno json\n{\"id\":\"c\",\"text\":\"salt\"}\n{\"id\":7,\"text\":\"\\ud800\"}\n");

    private string model = Model;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_others_are_encoded_and_a_file_has_those_that_could_not()
    {
        var run = await Encode();
        Assert.Equal(2, run.Exit);
        Assert.EndsWith(
            $"colbert: 2 of 4 texts could not be encoded; '{folder.File("out.jsonl.errors.jsonl")}' says why.\n", run.Error,
            StringComparison.Ordinal);
        Assert.Equal(["bread", "salt"], ColbertEmbeddingFile.Read(folder.File("out.jsonl")).Select(embedding => embedding.Text));
        JsonElement[] errors =
        [
            .. File.ReadLines(folder.File("out.jsonl.errors.jsonl")).Select(line => JsonDocument.Parse(line).RootElement),
        ];
        Assert.Equal(
            [(2, 2), (4, 4)], errors.Select(error => (error.GetProperty("text").GetInt32(), error.GetProperty("line").GetInt32())));
        Assert.All(
            errors,
            error => Assert.Equal(
                (folder.File("in.jsonl"), "InputInvalid"),
                (error.GetProperty("source").GetString(), error.GetProperty("error").GetString())));
        Assert.All(errors, error => Assert.Contains(error.GetProperty("message").GetString()!, run.Error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("out.jsonl")]
    [InlineData("-")]
    public async Task The_first_one_ends_a_run_that_shall_not_go_on(string output)
    {
        var run = await Encode(output, "--keep-going", "false");
        Assert.Equal(2, run.Exit);
        Assert.StartsWith($"colbert: InputInvalid: {folder.File("in.jsonl")}:2: this is not JSON", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, run.Error.TrimEnd('\n').Split('\n').Length);
        Assert.Equal(output == "-" ? ["bread"] : [], TextsOf(run.Output));
        Assert.Equal([folder.File("in.jsonl")], Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task What_ends_the_input_comes_behind_the_results_before_it()
    {
        folder.With("in.csv", "text\nbread\nsalt\n\"kettle\n");
        var run = await ColbertProcess.Run(null, ["encode", "--document", "--model", Model, folder.File("in.csv"), "-o", "-"]);
        Assert.Equal((2, "colbert: InputInvalid"), (run.Exit, run.Error.Split(": ")[0] + ": " + run.Error.Split(": ")[1]));
        Assert.Equal(["bread", "salt"], TextsOf(run.Output));
    }

    [Theory]
    [InlineData("out.jsonl", "float32")]
    [InlineData("out.jsonl", "float16")]
    [InlineData("out.npz", "binary")]
    [InlineData("-", "int8")]
    public async Task A_text_whose_numbers_the_output_cannot_hold_costs_that_text(string output, string type)
    {
        folder.With("in.jsonl", "{\"text\":\"bread\"}\n{\"id\":\"no\",\"text\":\"salt\"}\n{\"text\":\"kettle\"}\n");
        model = NotANumberFor("salt", "kettle");
        string[] options = ["--type", type];
        string[] resumable = output == "-" ? options : [.. options, "--resume"];
        var run = await Encode(output, resumable);
        Assert.Equal(3, run.Exit);
        Assert.Contains(
            "colbert: InferenceFailed: The model gave no finite numbers for the text 'no', and ", run.Error, StringComparison.Ordinal);
        Assert.Contains("colbert: 2 of 3 texts could not be encoded", run.Error, StringComparison.Ordinal);
        Assert.Equal(
            ["bread"],
            output == "-" ? TextsOf(run.Output) : ColbertEmbeddingFile.Read(folder.File(output)).Select(embedding => embedding.Text));
        if (output != "-") Assert.Contains("is finished already", (await Encode(output, resumable)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_done_before_it_is_kept_and_goes_on_when_the_text_is_mended()
    {
        var run = await Encode("out.jsonl", "--keep-going", "false", "--resume");
        Assert.Equal(2, run.Exit);
        Assert.StartsWith("colbert: stopped; 1 text kept", run.Error, StringComparison.Ordinal);
        folder.With(
            "in.jsonl",
            File.ReadAllText(folder.File("in.jsonl")).Replace("no json", "{\"text\":\"kettle\"}", StringComparison.Ordinal)
                .Replace("\\ud800", "moon", StringComparison.Ordinal));
        run = await Encode("out.jsonl", "--keep-going", "false", "--resume");
        Assert.Equal((0, "colbert: 1 text done before; going on from there.\n"), (run.Exit, run.Error));
        Assert.Equal(
            ["bread", "kettle", "salt", "moon"], ColbertEmbeddingFile.Read(folder.File("out.jsonl")).Select(embedding => embedding.Text));
        Assert.False(File.Exists(folder.File("out.jsonl.errors.jsonl")));
    }

    [Theory]
    [InlineData("out.jsonl", "out.jsonl.errors.jsonl")]
    [InlineData("out", "out/doc_texts.jsonl")]
    public async Task What_an_output_has_lost_the_same_run_with_resume_makes_again(string output, string lost)
    {
        await Encode(output, "--resume");
        string path = folder.File(lost), good = File.ReadAllText(path);
        File.WriteAllText(path, good[..good.IndexOf('\n')]);
        var run = await Encode(output, "--resume");
        Assert.Equal(2, run.Exit);
        Assert.Contains("It is encoded again and replaced.\n", run.Error, StringComparison.Ordinal);
        Assert.Equal(good, File.ReadAllText(path));
        Assert.Contains("is finished already", (await Encode(output, "--resume")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repeated_run_has_the_exit_code_of_the_errors_that_are_left()
    {
        Assert.Equal(2, (await Encode("out.npz", "--resume")).Exit);
        Assert.Equal(2, (await Encode("out.npz", "--resume")).Exit);
        string errors = folder.File("out.npz.errors.jsonl");
        string[] lines = File.ReadAllLines(errors);
        lines[0] = lines[0].Replace("\"InputInvalid\"", "\"InsufficientMemory\"", StringComparison.Ordinal);
        File.WriteAllText(errors, string.Join('\n', lines) + "\n");
        var run = await Encode("out.npz", "--resume");
        Assert.Contains("is finished already", run.Error, StringComparison.Ordinal);
        Assert.Equal(3, run.Exit);
    }

    [Fact]
    public async Task A_pool_factor_for_texts_that_are_not_pooled_is_told()
    {
        folder.With("in.jsonl", "{\"text\":\"bread\"}\n");
        string[] query = ["encode", "--query", "--model", Model, folder.File("in.jsonl"), "--pool-factor", "2", "-o"];
        foreach (string output in (string[])["-", folder.File("out.npz")])
        {
            var run = await ColbertProcess.Run(null, [.. query, output]);
            Assert.Equal(
                (0, "colbert: This model does not pool queries, so that a pool factor has no effect.\n"), (run.Exit, run.Error));
        }

        var tokens = await Encode("pooled.parquet", "--pool-factor", "2", "--include-tokens");
        Assert.Equal((0, 1), (tokens.Exit, tokens.Error.Count(c => c == '\n')));
        Assert.Contains("Pooled token vectors are of several tokens", tokens.Error, StringComparison.Ordinal);
        Assert.Null(Assert.Single(ColbertEmbeddingFile.Read(folder.File("pooled.parquet"))).TokenIds);
        Assert.Equal("", (await Encode("pooled.npz", "--pool-factor", "2", "--resume")).Error);
        Assert.Contains(
            "is finished already", (await Encode("pooled.npz", "--pool-factor", "2", "--resume")).Error, StringComparison.Ordinal);
    }

    private static IEnumerable<string> TextsOf(string lines) => lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()!);

    // A model that gives no finite numbers for these words.
    private string NotANumberFor(params string[] words)
    {
        string path = Directory.CreateDirectory(folder.File("model")).FullName;
        foreach (string file in Directory.EnumerateFiles(Model)) File.Copy(file, Path.Combine(path, Path.GetFileName(file)));
        OnnxModel graph = OnnxReader.Read(Path.Combine(Model, "model.onnx"));
        OnnxTensor table = graph.Initializers.Single(tensor => tensor.Name.Contains("word_embeddings", StringComparison.Ordinal));
        float[] values = MemoryMarshal.Cast<byte, float>(table.Data.ToArray()).ToArray();
        ColbertTokenizer tokenizer = ColbertTokenizer.Open(Model);
        foreach (int id in words.SelectMany(word => tokenizer.Tokenize(word).Ids).Except(tokenizer.Tokenize("bread").Ids))
            values[id * (int)table.Shape[1]] = float.NaN;
        graph.Add(table with { Data = MemoryTensorData.Of<float>(values) });
        OnnxWriter.Write(graph, Path.Combine(path, "model.onnx"));
        return path;
    }

    private Task<(int Exit, string Output, string Error)> Encode(string output = "out.jsonl", params string[] options) =>
        ColbertProcess.Run(
            null,
            [
                "encode", "--document", "--model", model, folder.File("in.jsonl"), "-o", output == "-" ? output : folder.File(output),
                .. options,
            ]);
}
