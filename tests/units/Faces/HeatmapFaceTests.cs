using System.Xml.Linq;
using ColbertOnnx.PowerShell.Commands;

namespace ColbertOnnx.Tests.Faces;

[Collection(nameof(Alone))]
public sealed class HeatmapFaceTests : IDisposable
{
    private readonly ColbertModel model = ColbertModel.Load(TestData.Path("onnx", "bert-base"), new() { Sessions = 1 });
    private readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        model.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Texts_and_embeddings_give_the_same_drawing()
    {
        object query = model.EncodeQueries(["one two"])[0], document = model.EncodeDocuments(["two three"])[0];
        Run(new() { Path = folder.File("a.svg"), Query = "one two", Document = ["two three"] });
        Run(new() { LiteralPath = folder.File("b.svg"), Query = query, Document = [document] });
        Assert.Equal(File.ReadAllText(folder.File("a.svg")), File.ReadAllText(folder.File("b.svg")));
        string[] words = [.. XDocument.Load(folder.File("a.svg")).Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value)];
        Assert.Contains("[CLS]", words);
        Assert.Contains("three", string.Concat(words.Select(word => word.TrimStart('·'))), StringComparison.Ordinal);
    }

    [Fact]
    public void Several_results_of_the_pipeline_become_one_page()
    {
        var ranking = new ColbertRanking(model.EncodeQueries(["one"]));
        foreach (ColbertEmbedding document in model.EncodeDocuments(["one", "two", "three"])) ranking.Add(document);
        var cmdlet = new ExportColbertHeatmapCommand { Path = folder.File("page.html"), IsPassed = true };
        Recorder recorder = CmdletRun.Run(cmdlet, ranking.Best().Select(s => (Action<ExportColbertHeatmapCommand>)(c => c.InputObject = [s])));
        Assert.Empty(recorder.Failures);
        Assert.Equal(folder.File("page.html"), Assert.IsType<FileInfo>(Assert.Single(recorder.Output)).FullName);
        Assert.Equal([folder.File("page.html")], recorder.Asked);
        string page = File.ReadAllText(folder.File("page.html"));
        Assert.Equal(3, page.Split("<div class=\"map\"").Length - 1);
        Assert.Contains("<h2>1. ", page, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIf_writes_nothing_and_what_is_there_stays()
    {
        var recorder = new Recorder { Answer = false };
        CmdletRun.Run(new ExportColbertHeatmapCommand { Path = folder.File("a.svg"), Query = "one", Document = ["two"], Model = model }, recorder);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
        folder.With("a.svg", "mine");
        recorder = CmdletRun.Run(new ExportColbertHeatmapCommand { Path = folder.File("a.svg"), Query = "one", Document = ["two"], Model = model });
        Assert.Equal(ColbertErrorId.OutputExists, Assert.Single(recorder.Failures).Error.Id);
        Assert.Equal("mine", File.ReadAllText(folder.File("a.svg")));
        Run(new() { Path = folder.File("a.svg"), Query = "one", Document = ["two"], IsForced = true });
        Assert.StartsWith("<svg", File.ReadAllText(folder.File("a.svg")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_kind_or_form_is_told_and_nothing_is_written()
    {
        object document = model.EncodeDocuments(["two"])[0];
        foreach (ExportColbertHeatmapCommand cmdlet in new ExportColbertHeatmapCommand[]
        {
            new() { Path = folder.File("a.svg"), Query = document, Document = ["two"] },
            new() { Path = folder.File("a.svg"), Query = "one", Document = ["two", "three"] },
            new() { Path = folder.File("a.pdf"), Query = "one", Document = ["two"] },
        })
        {
            cmdlet.Model = model;
            Recorder recorder = CmdletRun.Run(cmdlet);
            Assert.Equal(ColbertErrorId.InputInvalid, Assert.Single(recorder.Failures).Error.Id);
            Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
        }
    }

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
        Assert.Equal(0, (await ColbertProcess.Run(Input, "score", "--query", "yeast", "-", "--heatmap", folder.File("best.svg"), "--force")).Exit);
        Assert.Equal(2, (await ColbertProcess.Run(Input, "score", "--query", "yeast", "-", "--heatmap", folder.File("best.png"))).Exit);
    }

    private void Run(ExportColbertHeatmapCommand cmdlet)
    {
        cmdlet.Model = model;
        Assert.Empty(CmdletRun.Run(cmdlet).Failures);
    }
}
