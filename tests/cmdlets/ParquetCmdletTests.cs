using ColbertOnnx.Diagnostics;
using ColbertOnnx.PowerShell.Binding;

namespace ColbertOnnx.Tests.Cmdlets;

[Collection(nameof(Alone))]
public sealed class ParquetCmdletTests
{
    private static readonly string Model = TestData.Path("onnx", "bert-base");

    [Fact]
    public void What_is_exported_to_Parquet_is_imported()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("out.parquet");
        ColbertEmbedding[] written = [Embedding("a"), Embedding("b")];
        Assert.Empty(Export(path, new() { ["IncludeText"] = true, ["Type"] = EmbeddingType.Float32 }, written).Failures);
        ColbertEmbedding[] read = [.. Import(path)];
        Assert.Equal(written.Select(e => (e.Id, e.Text, e.Kind)), read.Select(e => (e.Id, e.Text, e.Kind)));
        Assert.Equal(written.Select(e => e.Values.ToArray()), read.Select(e => e.Values.ToArray()));
        Assert.Equal(ColbertErrorId.OutputExists, Assert.Single(Export(path, [], written).Failures).Error.Id);
        Assert.Empty(Export(path, new() { ["Append"] = true }, [Embedding("c")]).Failures);
        Assert.Equal(["text a", "text b", "text c"], Import(path).Select(e => e.Text));
        Assert.Empty(Export(path, new() { ["Force"] = true }, [Embedding("c")]).Failures);
        Assert.Equal([("c", "")], Import(path).Select(e => (e.Id!, e.Text)));
    }

    [Fact]
    public void A_Parquet_file_is_a_text_for_each_row_where_other_files_are_one_text()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("one.md", "fine");
        foreach (string name in (string[])["1", "2"])
            Export(folder.File($"{name}.parquet"), new() { ["IncludeText"] = true }, [Embedding($"a{name}"), Embedding($"b{name}")]);
        string[] expected = ["a1", "b1", "a2", "b2"];
        CmdletRun run = Convert(new() { ["Path"] = folder.File("*.parquet") });
        Assert.Equal(expected.Select(id => (id, $"text {id}")), run.Embeddings.Select(e => (e.Id!, e.Text)));
        run = Convert([], [new FileInfo(folder.File("1.parquet")), new FileInfo(folder.File("one.md"))]);
        Assert.Equal(["text a1", "text b1", "fine"], run.Embeddings.Select(e => e.Text));
        run = Convert(new() { ["LiteralPath"] = folder.File("1.parquet"), ["TextProperty"] = "id", ["IdProperty"] = "text" });
        Assert.Equal([("a1", "text a1"), ("b1", "text b1")], run.Embeddings.Select(e => (e.Text, e.Id!)));
        run = Convert(new() { ["LiteralPath"] = folder.File("1.parquet"), ["TextProperty"] = "body" });
        Assert.Contains(
            "there is no column 'body' among 'id', 'text', 'embedding'", Assert.Single(run.Failures).Error.Message,
            StringComparison.Ordinal);
        Assert.Contains("-TextProperty", run.Failures[0].Error.Action, StringComparison.Ordinal);
        Assert.Contains(
            "the file is one text",
            Assert.Single(Convert(new() { ["Path"] = folder.File("one.md"), ["TextProperty"] = "body" }).Failures).Error.Message,
            StringComparison.Ordinal);
        run = CmdletRun.Run(
            "Measure-ColbertThroughput",
            new() { ["Model"] = Model, ["Repeat"] = 1, ["Path"] = folder.File("*.parquet"), ["TextProperty"] = "text" });
        Assert.Equal(4, Assert.IsType<ColbertThroughput>(Assert.Single(run.Output)).Texts.Count);
    }

    [Fact]
    public void A_shard_is_a_part_of_the_rows_and_of_the_files()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("one.md", new string('x', 5000)).With("two.md", "two").With("empty.md");
        Export(folder.File("rows.parquet"), new() { ["IncludeText"] = true }, [Embedding("a"), Embedding("b")]);
        string[] files = [folder.File("one.md"), folder.File("rows.parquet"), folder.File("two.md"), folder.File("empty.md")];
        string[] whole = [.. Convert(new() { ["LiteralPath"] = files }).Embeddings.Select(e => e.Id!)];
        Assert.Equal([files[0], "a", "b", files[2], files[3]], whole);
        foreach (int count in (int[])[1, 2, 3, 7])
            Assert.Equal(
                whole,
                Enumerable.Range(1, count)
                    .SelectMany(index => Convert(new() { ["LiteralPath"] = files, ["Shard"] = $"{index}/{count}" }).Embeddings)
                    .Select(e => e.Id!));
        CmdletRun run = Convert(new() { ["LiteralPath"] = (string[])[files[0], folder.File("missing.md")], ["Shard"] = "1/2" });
        Assert.Empty(run.Embeddings);
        Assert.Contains("missing.md", Assert.Single(run.Failures).Error.Message, StringComparison.Ordinal);
        // The parts of what is left would be those of another input.
        run = Convert(new() { ["Path"] = (string[])[folder.File("*.md"), folder.File("none/*.md")], ["Shard"] = "1/2" });
        Assert.Empty(run.Embeddings);
        Assert.Contains("none", Assert.Single(run.Failures).Error.Message, StringComparison.Ordinal);
        Assert.Contains(
            "'3/2'", Assert.Single(Convert(new() { ["LiteralPath"] = files, ["Shard"] = "3/2" }).Failures).Error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_comparison_takes_a_Parquet_file_with_its_texts_or_with_those_beside_it()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("texts.txt", "bread rises\nthe moon\n");
        ColbertEmbedding[] encoded =
        [
            .. CmdletRun.Run(
                "ConvertTo-ColbertEmbedding", new() { ["Model"] = Model, ["Document"] = true },
                new[] { "bread rises", "the moon" }).Embeddings,
        ];
        Export(folder.File("with.parquet"), new() { ["IncludeText"] = true, ["Type"] = EmbeddingType.Float32 }, encoded);
        Export(folder.File("without.parquet"), [], encoded);
        Assert.Equal(true, Assert.Single(Compare(folder.File("with.parquet"), []).Output));
        Assert.Equal(
            true,
            Assert.Single(Compare(
                folder.File("without.parquet"),
                new()
                {
                    ["ReferenceText"] = folder.File("texts.txt"),
                    ["MinimumCosine"] = 0.999,
                    ["MinimumMeanCosine"] = 0.999,
                    ["Tolerance"] = 0.01,
                }).Output));
        ColbertException error = Assert.Single(Compare(folder.File("without.parquet"), []).Failures).Error;
        Assert.Equal(ColbertErrorId.ReferenceInvalid, error.Id);
        Assert.Contains("without.parquet:1: there is no text for it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_Parquet_file_holds_is_ranked_without_being_encoded_again()
    {
        using var folder = new TemporaryFolder();
        ColbertEmbedding[] encoded =
        [
            .. CmdletRun.Run(
                "ConvertTo-ColbertEmbedding", new() { ["Model"] = Model, ["Document"] = true },
                new[] { "bread rises", "the moon", "salt melts ice" }).Embeddings,
        ];
        Export(folder.File("corpus.parquet"), new() { ["IncludeText"] = true, ["Type"] = EmbeddingType.Float32 }, encoded);
        IEnumerable<ColbertSimilarity> Ranked(IEnumerable<ColbertEmbedding> documents)
        {
            CmdletRun run = CmdletRun.Run(
                "Measure-ColbertSimilarity", new() { ["Model"] = Model, ["Query"] = "why does bread rise" }, documents.ToArray());
            Assert.Empty(run.Failures);
            return run.Output.Cast<ColbertSimilarity>();
        }

        var expected = Ranked(encoded).Select(one => (one.Text, one.Score)).ToArray();
        Assert.Equal(3, expected.Length);
        Assert.Equal(expected, Ranked(Import(folder.File("corpus.parquet"))).Select(one => (one.Text, one.Score)));
    }

    [Fact]
    public void The_add_on_is_looked_for_where_modules_are_installed_in_our_own_version()
    {
        string modules = Path.Combine(Path.GetTempPath(), "modules");
        string list = string.Join(Path.PathSeparator, modules, "relative", "");
        Assert.Equal(
            [Path.Combine(modules, "ColbertOnnxParquet", "1.2.3", "bin"), Path.Combine(modules, "ColbertOnnxParquet", "bin")],
            AddOnFolders.OfParquet(list, "1.2.3"));
        Assert.Empty(AddOnFolders.OfParquet(null, "1.2.3"));
    }

    private static CmdletRun Export(string path, Dictionary<string, object?> parameters, ColbertEmbedding[] embeddings) =>
        CmdletRun.Run("Export-ColbertEmbedding", new(parameters) { ["Path"] = path }, embeddings);

    private static IEnumerable<ColbertEmbedding> Import(string path) =>
        CmdletRun.Run("Import-ColbertEmbedding", new() { ["LiteralPath"] = path }).Embeddings;

    private static CmdletRun Convert(Dictionary<string, object?> parameters, FileInfo[]? input = null) =>
        CmdletRun.Run("ConvertTo-ColbertEmbedding", new(parameters) { ["Model"] = Model, ["Document"] = true }, input);

    private static CmdletRun Compare(string reference, Dictionary<string, object?> parameters) =>
        CmdletRun.Run("Test-ColbertParity", new(parameters) { ["Model"] = Model, ["Reference"] = reference, ["Quiet"] = true });

    private static ColbertEmbedding Embedding(string id) =>
        new(TextKind.Document, $"text {id}", new[] { 0.6f, 0.8f, id[0], -0.25f }, 2) { Id = id };
}
