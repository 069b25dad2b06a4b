using System.Xml.Linq;

namespace ColbertOnnx.Tests.Faces;

[Collection(nameof(Alone))]
public sealed class HeatmapFaceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_command_draws_what_it_ranks()
    {
        const string Input = "bread rises with yeast\nthe moon\na loaf\n";
        var run = await ColbertProcess.Run(Input, "score", "--query", "yeast", "-", "--top", "2", "--heatmap", folder.File("best.html"));
        Assert.Equal(0, run.Exit);
        Assert.Equal(2, run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(2, File.ReadAllText(folder.File("best.html")).Split("<div class=\"map\"").Length - 1);
        run = await ColbertProcess.Run(Input, "score", "--query", "yeast", "-", "--heatmap", folder.File("best.svg"));
        Assert.Equal(0, run.Exit);
        Assert.Contains("bread rises", XDocument.Load(folder.File("best.svg")).Root!.Value, StringComparison.Ordinal);

        run = await ColbertProcess.Run(Input, "score", "--query", "yeast", "-", "--heatmap", folder.File("best.svg"));
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.StartsWith("colbert: OutputExists:", run.Error, StringComparison.Ordinal);
        Assert.Equal(
            0, (await ColbertProcess.Run(Input, "score", "--query", "yeast", "-", "--heatmap", folder.File("best.svg"), "--force")).Exit);
        Assert.Equal(2, (await ColbertProcess.Run(Input, "score", "--query", "yeast", "-", "--heatmap", folder.File("best.png"))).Exit);
    }
}
