using System.Text.Json;

namespace ColbertOnnx.Tests.Faces;

/// <summary>encode with a text among others that cannot be encoded.</summary>
public sealed class KeepGoingTests : IDisposable
{
    private static readonly string Model = TestData.Path("onnx", "bert-base");
    private readonly TemporaryFolder folder = new TemporaryFolder().With(
        "in.jsonl", "{\"id\":\"a\",\"text\":\"bread\"}\nno json\n{\"id\":\"c\",\"text\":\"salt\"}\n{\"id\":7,\"text\":\"\\ud800\"}\n");

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
        Assert.Equal([folder.File("in.jsonl")], Directory.EnumerateFileSystemEntries(folder.Path));
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

        Assert.Equal("", (await Encode("pooled.npz", "--pool-factor", "2", "--resume")).Error);
        Assert.Contains(
            "is finished already", (await Encode("pooled.npz", "--pool-factor", "2", "--resume")).Error, StringComparison.Ordinal);
    }

    private Task<(int Exit, string Output, string Error)> Encode(string output = "out.jsonl", params string[] options) =>
        ColbertProcess.Run(
            null,
            [
                "encode", "--document", "--model", Model, folder.File("in.jsonl"), "-o", output == "-" ? output : folder.File(output),
                .. options,
            ]);
}
