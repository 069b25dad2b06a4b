namespace ColbertOnnx.Tests.Faces;

/// <summary>The command with --resume again, and another option of how its input is read.</summary>
public sealed class InputOptionResumeTests
{
    [Fact]
    public async Task Each_option_of_the_input_is_named_where_it_differs_from_the_finished_run()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("in.csv", "id,text,title\n1,one,uno\n");
        string[] arguments =
        [
            "encode", "--document", "--model", TestData.Path("onnx", "bert-base"), folder.File("in.csv"), "-o", folder.File("out.jsonl"),
            "--resume",
        ];
        Assert.Equal(0, (await ColbertProcess.Run(null, arguments)).Exit);
        (string Field, string[] Option)[] others =
        [
            ("input format", ["--input-format", "tsv"]),
            ("text field", ["--text-field", "title"]),
            ("id field", ["--id-field", "title"]),
            ("header", ["--no-header"]),
            ("delimiter", ["--delimiter", ";"]),
            ("quoted", ["--quoted", "false"]),
        ];
        foreach ((string field, string[] option) in others)
        {
            var run = await ColbertProcess.Run(null, [.. arguments, .. option]);
            Assert.Equal(2, run.Exit);
            Assert.Contains($"exists already, and is of another run: its {field} was '", run.Error, StringComparison.Ordinal);
        }

        Assert.Equal(0, (await ColbertProcess.Run(null, [.. arguments, "--quoted", "--delimiter", ",", "--text-field", "text"])).Exit);
        Assert.Equal(0, (await ColbertProcess.Run(null, [.. arguments, "--text-field", "title", "--force"])).Exit);
        Assert.Equal("uno", Assert.Single(ColbertEmbeddingFile.Read(folder.File("out.jsonl"))).Text);
    }
}
