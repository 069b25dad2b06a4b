using ColbertOnnx.Embeddings;
using ColbertOnnx.IO;

namespace ColbertOnnx.Tests.Embeddings;

/// <summary>New results in a folder that has others.</summary>
public sealed class FolderExchangeTests
{
    private static readonly EmbeddingWriterOptions Forced = new() { Force = true, Kind = TextKind.Document };

    [Theory]
    [InlineData("doc_000000.npy")]
    [InlineData("doc_000007.npy")]
    [InlineData("doc_texts.jsonl")]
    public void A_folder_in_the_place_of_a_file_is_refused_before_anything_is_touched(string name)
    {
        using TemporaryFolder folder = new TemporaryFolder().With(name + "/mine", "user").With("notes", "mine");
        AssertRefused(folder, name);
        Assert.Equal("user", File.ReadAllText(folder.File(name + "/mine")));
    }

    [Theory]
    [InlineData("doc_000000.npy", "user")]
    [InlineData("doc_000007.npy", "user")]
    [InlineData("doc_000123.npy", "thesis")]
    [InlineData("doc_7.npy", "user")]
    [InlineData("doc_000000.scale.npy", "user")]
    [InlineData("doc_texts.jsonl", "my notes")]
    [InlineData("doc_texts.jsonl", "{\"text\":\"mine\"}")]
    public void What_we_did_not_write_is_not_replaced(string name, string content)
    {
        using TemporaryFolder folder = new TemporaryFolder().With(name, content);
        AssertRefused(folder, name);
        Assert.Equal(content, File.ReadAllText(folder.File(name)));
    }

    [Fact]
    public void Beside_an_earlier_result_as_well()
    {
        using TemporaryFolder folder = new();
        Write(folder.Path, 2);
        folder.With("doc_000123.npy", "thesis");
        AssertRefused(folder, "doc_000123.npy");
        File.Delete(folder.File("doc_000123.npy"));
        // Named by the texts, and no npy file all the same.
        folder.With("doc_000001.npy", "thesis");
        AssertRefused(folder, "doc_000001.npy");
        Assert.Equal("thesis", File.ReadAllText(folder.File("doc_000001.npy")));
    }

    [Fact]
    public void A_link_that_leads_nowhere_stays()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A link needs rights.");
        using TemporaryFolder folder = new();
        File.CreateSymbolicLink(folder.File("doc_000001.npy"), "nowhere");
        AssertRefused(folder, "doc_000001.npy");
        Assert.Equal("nowhere", new FileInfo(folder.File("doc_000001.npy")).LinkTarget);
    }

    [Theory]
    [InlineData(EmbeddingType.Float32)]
    [InlineData(EmbeddingType.Int8)]
    public void A_longer_result_is_replaced_as_a_whole(EmbeddingType type)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("notes", "mine");
        Write(folder.Path, 5, Forced with { Type = type });
        Write(folder.Path, 2);
        Assert.Equal(["doc_000000.npy", "doc_000001.npy", "doc_texts.jsonl", "notes"], Names(folder.Path));
        Assert.Equal(2, EmbeddingReader.Read(folder.Path).Count());
    }

    [Theory]
    [InlineData(TextKind.Document)]
    [InlineData(TextKind.Query)]
    public void Nothing_replaces_it_as_a_whole(TextKind kind)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("notes", "mine");
        ColbertEmbeddingFile.Write(folder.Path, [new ColbertEmbedding(kind, "a", new float[4], 4)]);
        ColbertEmbeddingFile.Write(folder.Path, [], new() { Force = true });
        Assert.Equal([TextSource.FileOf(kind), "notes"], Names(folder.Path).Order(StringComparer.Ordinal).OrderBy(name => name == "notes"));
        Assert.Empty(ColbertEmbeddingFile.Read(folder.Path));
        ColbertEmbeddingFile.Write(folder.Path, [new ColbertEmbedding(kind, "b", new float[4], 4)], new() { Force = true });
        Assert.Equal(["b"], ColbertEmbeddingFile.Read(folder.Path).Select(embedding => embedding.Text));
    }

    [Fact]
    public void A_failure_in_between_brings_the_earlier_result_back()
    {
        using TemporaryFolder folder = new();
        Write(folder.File("old"), 3);
        Write(folder.File("new"), 5);
        Directory.CreateDirectory(folder.File("old/doc_000004.npy"));
        string[] old = Contents(folder.File("old")), fresh = Contents(folder.File("new"));
        Assert.ThrowsAny<IOException>(() =>
            new FolderExchange(folder.File("old"), folder.File("new"), folder.File("aside"), [TextKind.Document]).Run());
        Assert.Equal(old, Contents(folder.File("old")));
        Assert.Equal(fresh, Contents(folder.File("new")));
        Assert.False(Directory.Exists(folder.File("aside")));
        Directory.Delete(folder.File("old/doc_000004.npy"));
        Assert.Equal(3, EmbeddingReader.Read(folder.File("old")).Count());
    }

    [Fact]
    public void A_process_that_is_killed_in_between_leaves_no_readable_half()
    {
        using TemporaryFolder folder = new();
        Write(folder.File("old"), 3);
        Write(folder.File("new"), 5);
        new FolderExchange(folder.File("old"), folder.File("new"), folder.File("aside"), [TextKind.Document]).Begin();
        Assert.False(File.Exists(folder.File("old/doc_texts.jsonl")));
        File.Move(folder.File("new/doc_000004.npy"), folder.File("old/doc_000004.npy"));
        ColbertException error = Assert.Throws<ColbertException>(() => EmbeddingReader.Read(folder.File("old")));
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.Contains("interrupted", error.Message, StringComparison.Ordinal);

        // Both results are ours, so that a third one replaces them; unasked it does not.
        Assert.Equal(
            ColbertErrorId.OutputExists,
            Assert.Throws<ColbertException>(() => Write(folder.File("old"), 1, default(EmbeddingWriterOptions))).Id);
        Write(folder.File("old"), 1);
        Assert.Equal(["doc_000000.npy", "doc_texts.jsonl"], Names(folder.File("old")));
        Assert.Single(EmbeddingReader.Read(folder.File("old")));
    }

    [Fact]
    public void A_signal_in_between_leaves_what_is_gathered()
    {
        using TemporaryFolder folder = new();
        string kept = StagingName.In(folder.Path, "kept", folder.File("out")),
            other = StagingName.In(folder.Path, "other", folder.File("out"));
        Directory.CreateDirectory(kept);
        Directory.CreateDirectory(other);
        StagingName.Keep(kept);
        StagingName.DeleteAll(folder.Path);
        Assert.Equal((true, false), (Directory.Exists(kept), Directory.Exists(other)));
    }

    private static void AssertRefused(TemporaryFolder folder, string name)
    {
        string[] before = Names(folder.Path);
        var error = Assert.Throws<ColbertException>(() => Write(folder.Path, 1));
        Assert.Equal((ColbertErrorId.OutputExists, folder.File(name)), (error.Id, error.Target));
        Assert.Equal(before, Names(folder.Path));
    }

    private static void Write(string path, int count) => Write(path, count, Forced);

    private static void Write(string path, int count, EmbeddingWriterOptions options)
    {
        using StagedWriter writer = EmbeddingWriter.Open(path + "/", options);
        for (int i = 0; i < count; i++)
            writer.Write(new ColbertEmbedding(TextKind.Document, $"text {i} of {count}", new float[] { i, count }, 2));
        writer.Complete();
    }

    private static string[] Names(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static string[] Contents(string folder) =>
        [
            .. Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal)
                .Select(path =>
                    $"{Path.GetFileName(path)}: {(File.Exists(path) ? Convert.ToHexString(File.ReadAllBytes(path)) : "folder")}"),
        ];
}
