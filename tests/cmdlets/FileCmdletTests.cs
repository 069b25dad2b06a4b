using ColbertOnnx.Diagnostics;

namespace ColbertOnnx.Tests.Cmdlets;

/// <summary>Files of texts, as cmdlets read them.</summary>
[Collection(nameof(Alone))]
public sealed class FileCmdletTests
{
    private static readonly string Model = TestData.Path("onnx", "bert-base");

    [Fact]
    public void Files_of_a_cmdlet_have_the_same_options()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("in.tsv", "0\tThe first\n1\t\"Quoted start\n2\ta\tb\n")
            .With("semi.csv", "body;x\na;1\n");
        CmdletRun run = Measure(folder.File("in.tsv"), new() { ["NoHeader"] = true, ["TextProperty"] = "2" });
        Assert.Equal(2, Assert.IsType<ColbertThroughput>(Assert.Single(run.Output)).Texts.Count);
        Assert.Contains("in.tsv:3: row 3 has 3 fields", Assert.Single(run.Failures).Error.Message, StringComparison.Ordinal);

        ColbertException error = Measure(folder.File("semi.csv"), new() { ["TextProperty"] = "body" }).Failures[0].Error;
        Assert.Contains("-Delimiter ';'", error.Action, StringComparison.Ordinal);
        Assert.Single(Measure(folder.File("semi.csv"), new() { ["Delimiter"] = ";", ["TextProperty"] = "body" }).Output);
    }

    [Fact]
    public void A_text_file_in_another_encoding_is_an_error_of_its_own_beside_the_others()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("good.md", "fine");
        File.WriteAllBytes(folder.File("wide.md"), System.Text.Encoding.Unicode.GetBytes("Some text"));
        CmdletRun run = CmdletRun.Run(
            "ConvertTo-ColbertEmbedding",
            new() { ["Model"] = Model, ["Document"] = true, ["LiteralPath"] = new[] { folder.File("wide.md"), folder.File("good.md") } });
        Assert.Equal(["fine"], run.Embeddings.Select(embedding => embedding.Text));
        Assert.Contains("looks like UTF-16", Assert.Single(run.Failures).Error.Message, StringComparison.Ordinal);
    }

    private static CmdletRun Measure(string path, Dictionary<string, object?> parameters) =>
        CmdletRun.Run("Measure-ColbertThroughput", new(parameters) { ["Model"] = Model, ["Repeat"] = 1, ["LiteralPath"] = path });
}
