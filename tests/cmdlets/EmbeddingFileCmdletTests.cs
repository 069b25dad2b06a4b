using System.Text;
using System.Text.Json;
using ColbertOnnx.Tests.Faces;

namespace ColbertOnnx.Tests.Cmdlets;

public sealed class EmbeddingFileCmdletTests
{
    [Theory]
    [InlineData("out.npz")]
    [InlineData("out.jsonl")]
    [InlineData("out.safetensors")]
    [InlineData("out")]
    [InlineData("v1.0/")]
    public void What_is_exported_is_imported(string name)
    {
        using var folder = new TemporaryFolder();
        ColbertEmbedding[] written = [Embedding("a"), Embedding("b")];
        CmdletRun run = Export(folder.File(name), new() { ["PassThru"] = true }, written);
        Assert.Empty(run.Failures);
        FileSystemInfo item = Assert.IsAssignableFrom<FileSystemInfo>(Assert.Single(run.Output));
        Assert.True(item.Exists);
        Assert.Equal([folder.File(name)], run.Asked);
        CmdletRun read = Import(folder.File(name));
        Assert.Equal(written.Select(e => (e.Id, e.Text, e.Kind)), read.Embeddings.Select(e => (e.Id, e.Text, e.Kind)));
        Assert.Equal(written.Select(e => e.Values.ToArray()), read.Embeddings.Select(e => e.Values.ToArray()));
    }

    [Theory]
    [InlineData("out.jsonl", "Float32")]
    [InlineData("out.npz", "Binary")]
    public void What_a_format_cannot_hold_costs_that_embedding(string name, string type)
    {
        using var folder = new TemporaryFolder();
        var bad = new ColbertEmbedding(TextKind.Document, "bad", new[] { float.NaN, 1f }, 2) { Id = "bad" };
        CmdletRun run = Export(folder.File(name), new() { ["Type"] = type }, [Embedding("a"), bad, Embedding("b")]);
        Assert.Contains("no finite numbers for the text 'bad'", Assert.Single(run.Failures).Error.Message, StringComparison.Ordinal);
        Assert.Equal(["a", "b"], Import(folder.File(name)).Embeddings.Select(embedding => embedding.Id));
    }

    [Theory]
    [InlineData(".npz")]
    [InlineData(".jsonl")]
    [InlineData(".safetensors")]
    [InlineData("")]
    public void Wildcards_take_shards_in_the_order_of_their_numbers(string ending)
    {
        using var folder = new TemporaryFolder();
        foreach (int number in (int[])[10, 2, 1, 12, 9]) Export(folder.File($"{number}-shard{ending}"), [], [Embedding($"{number}")]);
        Assert.Equal(["1", "2", "9", "10", "12"], Ids($"*-shard{ending}"));
        Assert.Equal(["10", "2"], Ids($"10*{ending}", $"2*{ending}"));

        IEnumerable<string?> Ids(params string[] patterns) =>
            CmdletRun.Run("Import-ColbertEmbedding", new() { ["Path"] = patterns.Select(folder.File).ToArray() })
                .Embeddings.Select(e => e.Id);
    }

    [Theory]
    [InlineData("out.npz")]
    [InlineData("out.jsonl")]
    [InlineData("out.safetensors")]
    [InlineData("out")]
    public void What_holds_nothing_is_imported_as_nothing(string name)
    {
        using var folder = new TemporaryFolder();
        Assert.Empty(Export(folder.File(name), [], []).Failures);
        CmdletRun read = Import(folder.File(name));
        Assert.Empty(read.Failures);
        Assert.Empty(read.Output);
    }

    [Fact]
    public void Nothing_is_written_when_the_user_says_no()
    {
        using var folder = new TemporaryFolder();
        CmdletRun run = Export(folder.File("out.npz"), new() { ["PassThru"] = true, ["Confirm"] = true }, [Embedding("a")]);
        Assert.Equal([folder.File("out.npz")], run.Asked);
        Assert.Empty(run.Output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void What_is_there_stays_unless_forced_or_appended_to()
    {
        using var folder = new TemporaryFolder();
        foreach (string name in (string[])["out.npz", "out.jsonl", "out.safetensors", "out"])
        {
            string path = folder.File(name);
            Export(path, [], [Embedding("a")]);
            Assert.Equal(ColbertErrorId.OutputExists, Assert.Single(Export(path, [], [Embedding("b")]).Failures).Error.Id);
            Assert.Empty(Export(path, new() { ["Append"] = true }, [Embedding("b")]).Failures);
            Assert.Equal(["a", "b"], Import(path).Embeddings.Select(e => e.Id));
            Assert.Empty(Export(path, new() { ["Force"] = true }, [Embedding("c")]).Failures);
            Assert.Equal(["c"], Import(path).Embeddings.Select(e => e.Id));
        }

        Assert.Equal(4, Directory.GetFileSystemEntries(folder.Path).Length);
    }

    [Fact]
    public void Appending_to_what_is_no_file_of_embeddings_leaves_it_alone()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("out.npz", "mine");
        Assert.Equal(
            ColbertErrorId.InputInvalid,
            Assert.Single(Export(folder.File("out.npz"), new() { ["Append"] = true }, [Embedding("b")]).Failures).Error.Id);
        Assert.Equal("mine", File.ReadAllText(folder.File("out.npz")));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_pipeline_that_is_broken_off_leaves_the_old_file()
    {
        using var folder = new TemporaryFolder();
        Export(folder.File("out.npz"), [], [Embedding("a")]);
        byte[] before = File.ReadAllBytes(folder.File("out.npz"));
        CmdletRun run = CmdletRun.Run("Export-ColbertEmbedding", new() { ["Path"] = folder.File("out.npz"), ["Force"] = true }, BreakOff());
        Assert.IsType<TimeoutException>(Assert.Single(run.Errors).Exception);
        Assert.Equal(before, File.ReadAllBytes(folder.File("out.npz")));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));

        static IEnumerable<ColbertEmbedding> BreakOff()
        {
            yield return Embedding("b");
            throw new TimeoutException();
        }
    }

    [Fact]
    public void A_broken_file_is_an_error_of_its_own_and_the_next_is_read()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("bad.npz", "no zip");
        Export(folder.File("good.npz"), [], [Embedding("a")]);
        CmdletRun run = Import(folder.File("bad.npz"), folder.File("none.npz"), folder.File("good.npz"));
        Assert.Equal([ColbertErrorId.InputInvalid, ColbertErrorId.InputInvalid], run.Failures.Select(f => f.Error.Id));
        Assert.Equal(["a"], run.Embeddings.Select(e => e.Id));
    }

    [Theory]
    [MemberData(nameof(ErrorCases.EmbeddingsNames), MemberType = typeof(ErrorCases))]
    public void A_file_that_holds_no_embeddings_is_an_error_record_with_id_place_and_action(string name)
    {
        JsonElement c = ErrorCases.Embeddings(name);
        using var folder = new TemporaryFolder();
        string file = folder.File(c.GetProperty("file").GetString()!);
        if (c.TryGetProperty("latin1", out JsonElement content)) File.WriteAllBytes(file, Encoding.Latin1.GetBytes(content.GetString()!));
        ColbertException error = Assert.Single(Import(file).Failures).Error;
        Assert.Equal(ErrorCases.ErrorOf(c), error.Id);
        Assert.All(ErrorCases.NamesOf(c), part => Assert.Contains(part, error.Message + error.Action, StringComparison.Ordinal));
        Assert.NotEmpty(error.Action!);
        Assert.NotEmpty(error.Target!);
    }

    [Fact]
    public void Texts_and_kind_come_from_the_caller_where_the_file_has_none()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("texts.txt", "one\ntwo\nthree\n");
        CmdletRun run = CmdletRun.Run(
            "Import-ColbertEmbedding",
            new()
            {
                ["LiteralPath"] = TestData.Path("embeddings", "list.npz"),
                ["TextPath"] = folder.File("texts.txt"),
                ["Kind"] = "Query",
            });
        Assert.Equal(
            [("one", TextKind.Query), ("two", TextKind.Query), ("three", TextKind.Query)], run.Embeddings.Select(e => (e.Text, e.Kind)));
    }

    [Fact]
    public void What_an_import_passes_over_is_a_warning()
    {
        using var folder = new TemporaryFolder();
        ColbertEmbeddingFile.Write(folder.File("e.npz"), []);
        using (var zip = System.IO.Compression.ZipFile.Open(folder.File("e.npz"), System.IO.Compression.ZipArchiveMode.Update))
            zip.CreateEntry("config.json").Open().Dispose();
        Assert.Contains("config.json is passed over", Assert.Single(Import(folder.File("e.npz")).Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_that_cannot_be_used_is_a_warning()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("e.npz.manifest.json", "{");
        Export(folder.File("a.npz"), [], [Embedding("a")]);
        File.Move(folder.File("a.npz"), folder.File("e.npz"));
        CmdletRun run = Import(folder.File("e.npz"));
        Assert.Equal(["a"], run.Embeddings.Select(e => e.Id));
        Assert.StartsWith(
            $"'{folder.File("e.npz")}' has a manifest beside it that cannot be used: ", Assert.Single(run.Warnings),
            StringComparison.Ordinal);
    }

    private static CmdletRun Export(string path, Dictionary<string, object?> parameters, ColbertEmbedding[] embeddings) =>
        CmdletRun.Run("Export-ColbertEmbedding", new(parameters) { ["Path"] = path }, embeddings);

    private static CmdletRun Import(params string[] paths) => CmdletRun.Run("Import-ColbertEmbedding", new() { ["LiteralPath"] = paths });

    private static ColbertEmbedding Embedding(string id) =>
        new(TextKind.Document, $"text {id}", new[] { 0.6f, 0.8f, id[0], -0.25f }, 2) { Id = id };
}
