using System.Text;
using System.Text.Json;
using ColbertOnnx.PowerShell.Commands;

namespace ColbertOnnx.Tests.Faces;

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
        Recorder recorder = Export(folder.File(name), new() { IsPassed = true }, written);
        Assert.Empty(recorder.Failures);
        FileSystemInfo item = Assert.IsAssignableFrom<FileSystemInfo>(Assert.Single(recorder.Output));
        Assert.True(item.Exists);
        Assert.Equal([folder.File(name)], recorder.Asked);
        Recorder read = Import(folder.File(name));
        Assert.Equal(written.Select(e => (e.Id, e.Text, e.Kind)), read.Embeddings.Select(e => (e.Id, e.Text, e.Kind)));
        Assert.Equal(written.Select(e => e.Values.ToArray()), read.Embeddings.Select(e => e.Values.ToArray()));
    }

    [Fact]
    public void Nothing_is_written_when_the_user_says_no()
    {
        using var folder = new TemporaryFolder();
        var recorder = new Recorder { Answer = false };
        CmdletRun.Run(new ExportColbertEmbeddingCommand { Path = folder.File("out.npz"), IsPassed = true }, recorder, [c => c.InputObject = [Embedding("a")]]);
        Assert.Empty(recorder.Output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void What_is_there_stays_unless_forced_or_appended_to()
    {
        using var folder = new TemporaryFolder();
        foreach (string name in (string[])["out.npz", "out.jsonl", "out.safetensors", "out"])
        {
            string path = folder.File(name);
            Export(path, new(), [Embedding("a")]);
            Assert.Equal(ColbertErrorId.OutputExists, Assert.Single(Export(path, new(), [Embedding("b")]).Failures).Error.Id);
            Assert.Empty(Export(path, new() { Options = new() { Append = true } }, [Embedding("b")]).Failures);
            Assert.Equal(["a", "b"], Import(path).Embeddings.Select(e => e.Id));
            Assert.Empty(Export(path, new() { Options = new() { Force = true } }, [Embedding("c")]).Failures);
            Assert.Equal(["c"], Import(path).Embeddings.Select(e => e.Id));
        }

        Assert.Equal(4, Directory.GetFileSystemEntries(folder.Path).Length);
    }

    [Fact]
    public void Appending_to_what_is_no_file_of_embeddings_leaves_it_alone()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("out.npz", "mine");
        Assert.Equal(ColbertErrorId.InputInvalid, Assert.Single(Export(folder.File("out.npz"), new() { Options = new() { Append = true } }, [Embedding("b")]).Failures).Error.Id);
        Assert.Equal("mine", File.ReadAllText(folder.File("out.npz")));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_pipeline_that_is_broken_off_leaves_the_old_file()
    {
        using var folder = new TemporaryFolder();
        Export(folder.File("out.npz"), new(), [Embedding("a")]);
        byte[] before = File.ReadAllBytes(folder.File("out.npz"));
        var cmdlet = new ExportColbertEmbeddingCommand { Path = folder.File("out.npz"), Options = new() { Force = true } };
        Action<ExportColbertEmbeddingCommand>[] inputs = [c => c.InputObject = [Embedding("b")], _ => throw new TerminatedException()];
        CmdletRun.Run(cmdlet, new Recorder(), inputs);
        Assert.Equal(before, File.ReadAllBytes(folder.File("out.npz")));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_broken_file_is_an_error_of_its_own_and_the_next_is_read()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("bad.npz", "no zip");
        Export(folder.File("good.npz"), new(), [Embedding("a")]);
        Recorder recorder = Import(folder.File("bad.npz"), folder.File("none.npz"), folder.File("good.npz"));
        Assert.Equal([ColbertErrorId.InputInvalid, ColbertErrorId.InputInvalid], recorder.Failures.Select(f => f.Error.Id));
        Assert.Equal(["a"], recorder.Embeddings.Select(e => e.Id));
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
        Recorder recorder = CmdletRun.Run(new ImportColbertEmbeddingCommand { LiteralPath = [TestData.Path("embeddings", "list.npz")], TextPath = folder.File("texts.txt"), Kind = TextKind.Query });
        Assert.Equal([("one", TextKind.Query), ("two", TextKind.Query), ("three", TextKind.Query)], recorder.Embeddings.Select(e => (e.Text, e.Kind)));
    }

    [Fact]
    public void The_library_reads_and_writes_the_same()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(2, ColbertEmbeddingFile.Write(folder.File("a.npz"), [Embedding("a"), Embedding("b")]));
        Assert.Equal(1, ColbertEmbeddingFile.Write(folder.File("a.npz"), [Embedding("c")], new() { Append = true, Type = EmbeddingType.Float16 }));
        Assert.Equal(["a", "b", "c"], ColbertEmbeddingFile.Read(folder.File("a.npz")).Select(e => e.Id));
        Assert.Equal(ColbertErrorId.InputInvalid, Assert.Throws<ColbertException>(() => ColbertEmbeddingFile.Write(folder.File("b.npz"), [], new() { Layout = EmbeddingLayout.Flat })).Id);
    }

    private static Recorder Export(string path, ExportColbertEmbeddingCommand cmdlet, ColbertEmbedding[] embeddings)
    {
        cmdlet.Path = path;
        return CmdletRun.Run(cmdlet, embeddings.Select(e => (Action<ExportColbertEmbeddingCommand>)(c => c.InputObject = [e])));
    }

    private static Recorder Import(params string[] paths) => CmdletRun.Run(new ImportColbertEmbeddingCommand { LiteralPath = paths });

    private static ColbertEmbedding Embedding(string id) => new(TextKind.Document, $"text {id}", new[] { 0.6f, 0.8f, id[0], -0.25f }, 2) { Id = id };
}
