using System.Xml.Linq;

namespace ColbertOnnx.Tests.Cmdlets;

[Collection(nameof(Alone))]
public sealed class HeatmapCmdletTests : IDisposable
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
        Assert.Empty(Draw("one two", "two three", new() { ["Path"] = folder.File("a.svg") }).Failures);
        Assert.Empty(Draw(query, document, new() { ["LiteralPath"] = folder.File("b.svg") }).Failures);
        Assert.Equal(File.ReadAllText(folder.File("a.svg")), File.ReadAllText(folder.File("b.svg")));
        string[] words =
        [
            .. XDocument.Load(folder.File("a.svg")).Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value),
        ];
        Assert.Contains("[CLS]", words);
        Assert.Contains("three", string.Concat(words.Select(word => word.TrimStart('·'))), StringComparison.Ordinal);
    }

    [Fact]
    public void Several_results_of_the_pipeline_become_one_page()
    {
        var ranking = new ColbertRanking(model.EncodeQueries(["one"]));
        foreach (ColbertEmbedding document in model.EncodeDocuments(["one", "two", "three"])) ranking.Add(document);
        CmdletRun run = CmdletRun.Run(
            "Export-ColbertHeatmap", new() { ["Path"] = folder.File("page.html"), ["PassThru"] = true }, ranking.Best());
        Assert.Empty(run.Failures);
        Assert.Equal(folder.File("page.html"), Assert.IsType<FileInfo>(Assert.Single(run.Output)).FullName);
        Assert.Equal([folder.File("page.html")], run.Asked);
        string page = File.ReadAllText(folder.File("page.html"));
        Assert.Equal(3, page.Split("<div class=\"map\"").Length - 1);
        Assert.Contains("<h2>1. ", page, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIf_writes_nothing_and_what_is_there_stays()
    {
        string file = folder.File("a.svg");
        Assert.Equal([file], Draw("one", "two", new() { ["Path"] = file, ["WhatIf"] = true }).Asked);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
        folder.With("a.svg", "mine");
        Assert.Equal(ColbertErrorId.OutputExists, Assert.Single(Draw("one", "two", new() { ["Path"] = file }).Failures).Error.Id);
        Assert.Equal("mine", File.ReadAllText(file));
        Assert.Empty(Draw("one", "two", new() { ["Path"] = file, ["Force"] = true }).Failures);
        Assert.StartsWith("<svg", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_kind_or_form_is_told_and_nothing_is_written()
    {
        object document = model.EncodeDocuments(["two"])[0];
        foreach (CmdletRun run in new[]
        {
            Draw(document, "two", new() { ["Path"] = folder.File("a.svg") }),
            Draw("one", new[] { "two", "three" }, new() { ["Path"] = folder.File("a.svg") }),
            Draw("one", "two", new() { ["Path"] = folder.File("a.pdf") }),
        })
        {
            Assert.Equal(ColbertErrorId.InputInvalid, Assert.Single(run.Failures).Error.Id);
            Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
        }
    }

    private CmdletRun Draw(object query, object document, Dictionary<string, object?> parameters) =>
        CmdletRun.Run("Export-ColbertHeatmap", new(parameters) { ["Query"] = query, ["Document"] = document, ["Model"] = model });
}
