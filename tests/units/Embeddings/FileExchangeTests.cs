using ColbertOnnx.Diagnostics.Parity.References;
using ColbertOnnx.Embeddings;
using ColbertOnnx.Export;
using ColbertOnnx.IO;

namespace ColbertOnnx.Tests.Embeddings;

/// <summary>A result of several files in the place of an earlier one: at each moment one of the two is whole.</summary>
public sealed class FileExchangeTests
{
    private static readonly string[] Model = ["model.onnx", "model.onnx.data", "model_int8.onnx", "onnx_config.json", "tokenizer.json"];

    [Fact]
    public void A_failure_among_the_files_of_a_model_brings_the_earlier_one_back()
    {
        using TemporaryFolder folder = Earlier().With("blocked/inside");
        string[] before = Contents(folder.Path);
        using (StagedFolder staged = Stage(folder, "model.onnx", "tokenizer.json", "blocked"))
        {
            ColbertException error = Assert.Throws<ColbertException>(staged.Complete);
            Assert.Equal(ColbertErrorId.OutputFailed, error.Id);
            Assert.DoesNotContain(".tmp", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, Contents(folder.Path));
    }

    [Fact]
    public void A_model_replaces_all_files_of_the_earlier_one_and_no_others()
    {
        using TemporaryFolder folder = Earlier();
        using (StagedFolder staged = Stage(folder, "model.onnx", "tokenizer.json", "onnx_config.json")) staged.Complete();
        Assert.Equal(["model.onnx: new", "notes: mine", "onnx_config.json: new", "tokenizer.json: new"], Contents(folder.Path));
    }

    [Fact]
    public void A_model_that_another_process_has_made_the_same_never_goes_away()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("model.onnx", "new").With("tokenizer.json", "new")
            .With("onnx_config.json", "new");
        var old = new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(folder.File("model.onnx"), old);
        using (StagedFolder staged = Stage(folder, "model.onnx", "tokenizer.json", "onnx_config.json", "model_int8.onnx"))
            staged.Complete();
        Assert.Equal(old, File.GetLastWriteTimeUtc(folder.File("model.onnx")));
        Assert.Equal(["model.onnx: new", "model_int8.onnx: new", "onnx_config.json: new", "tokenizer.json: new"], Contents(folder.Path));

        // One file that differs makes it another model, which leaves as a whole.
        folder.With("tokenizer.json", "other");
        using (StagedFolder staged = Stage(folder, "model.onnx", "tokenizer.json", "onnx_config.json")) staged.Complete();
        Assert.NotEqual(old, File.GetLastWriteTimeUtc(folder.File("model.onnx")));
        Assert.Equal(["model.onnx: new", "onnx_config.json: new", "tokenizer.json: new"], Contents(folder.Path));
    }

    [Fact]
    public void A_model_that_came_in_between_is_not_replaced_unasked()
    {
        using TemporaryFolder folder = new();
        using var staged = new StagedFolder(folder.File("out"), Model, force: false);
        File.WriteAllText(staged.FileOf("tokenizer.json"), "new");
        folder.With("out/model.onnx.data", "another's");
        Assert.Equal(ColbertErrorId.OutputExists, Assert.Throws<ColbertException>(staged.Complete).Id);
        Assert.Equal(["model.onnx.data: another's"], Contents(folder.File("out")));
    }

    [Fact]
    public void What_a_killed_exchange_put_aside_stays_until_there_is_a_new_result()
    {
        using TemporaryFolder folder = Earlier();
        string aside = Killed(folder.Path, "model", "model.onnx");
        using (Stage(folder, "model.onnx"))
        {
            Assert.Equal("old", File.ReadAllText(aside));
        }

        // That one was given up.
        Assert.Equal("old", File.ReadAllText(aside));
        using (StagedFolder staged = Stage(folder, "model.onnx")) staged.Complete();
        Assert.Empty(Directory.EnumerateDirectories(folder.Path));
    }

    [Theory]
    [InlineData("out.npz", "out.npz")]
    [InlineData("out/", "embeddings")]
    public void So_does_what_one_of_embeddings_put_aside(string target, string name)
    {
        using TemporaryFolder folder = new();
        if (target == "out/") Directory.CreateDirectory(folder.File("out"));
        string place = target == "out/" ? folder.File("out") : folder.Path, aside = Killed(place, name, "parts/x", "parts/aside");
        using (StagedWriter writer = EmbeddingWriter.Open(folder.Path + "/" + target, new EmbeddingWriterOptions { Force = true }))
        {
            Assert.True(File.Exists(aside));
            writer.Write(new ColbertEmbedding(TextKind.Document, "text", new float[] { 1, 2 }, 2));
            writer.Complete();
        }

        Assert.Empty(Directory.EnumerateDirectories(place, ".*"));
    }

    [Fact]
    public void What_cannot_come_back_is_kept_and_the_error_says_where()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("a", "old").With("b/inside").With("new/a", "new").With("new/b", "new");
        using var staging = new StagingFolder(folder.Path, "x", folder.File("target"));
        var files = new FileExchange(folder.Path, folder.File("new"), staging.FileOf(StagingFolder.Aside));
        files.PutAside("a");
        IOException error = Assert.ThrowsAny<IOException>(() => files.Place("b"));
        folder.With("a/in the way");
        Assert.False(files.Undo(_ => false));
        var told = new ColbertException(ColbertErrorId.OutputFailed, files.NotBack(error).Message);
        Assert.Contains(staging.FileOf(StagingFolder.Aside), told.Message, StringComparison.Ordinal);
        staging.Dispose();
        StagingName.DeleteAll(folder.Path);
        Assert.Equal("old", File.ReadAllText(Path.Combine(staging.Path, StagingFolder.Aside, "a")));
    }

    [Fact]
    public void A_failure_between_the_two_files_of_a_reference_brings_the_earlier_one_back()
    {
        using TemporaryFolder folder = new();
        using ColbertModel model = ColbertModel.Load(TestData.Path("onnx", "bert-base"));
        Reference(folder, model, "bread", complete: true);
        string[] before = Contents(folder.Path);
        using (ReferenceWriter writer = Reference(folder, model, "butter", complete: false))
        {
            // Its texts are gone when it is to be put in place.
            foreach (string staged in Directory.GetFiles(folder.Path, "r.json", SearchOption.AllDirectories)
                .Where(file => file != folder.File("r.json")))
                File.Delete(staged);
            Assert.Equal(ColbertErrorId.OutputFailed, Assert.Throws<ColbertException>(writer.Complete).Id);
        }

        Assert.Equal(before, Contents(folder.Path));
    }

    [Fact]
    public void A_reference_has_one_list_of_each_kind()
    {
        using ColbertModel model = ColbertModel.Load(TestData.Path("onnx", "bert-base"), new() { Sessions = 1 });
        using TemporaryFolder folder = new();
        using var writer = new ReferenceWriter(folder.File("r.safetensors"), model, force: false);
        writer.Write(Assert.Single(model.EncodeQueries(["one"])));
        writer.Write(Assert.Single(model.EncodeDocuments(["two"])));
        ColbertException error = Assert.Throws<ColbertException>(() => writer.Write(Assert.Single(model.EncodeQueries(["three"]))));
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.Contains("A query comes behind", error.Message, StringComparison.Ordinal);
    }

    private static ReferenceWriter Reference(TemporaryFolder folder, ColbertModel model, string text, bool complete)
    {
        var writer = new ReferenceWriter(folder.File("r.safetensors"), model, force: true);
        writer.Write(Assert.Single(model.EncodeQueries([text])));
        if (!complete) return writer;
        writer.Complete();
        writer.Dispose();
        return writer;
    }

    private static TemporaryFolder Earlier()
    {
        TemporaryFolder folder = new TemporaryFolder().With("notes", "mine");
        foreach (string name in Model) folder.With(name, "old");
        return folder;
    }

    private static StagedFolder Stage(TemporaryFolder folder, params string[] names)
    {
        var staged = new StagedFolder(folder.Path, ["model.onnx", "model_int8.onnx", "tokenizer.json", "onnx_config.json"], force: true);
        foreach (string name in names) File.WriteAllText(staged.FileOf(name), "new");
        return staged;
    }

    // What a process leaves that is ended while it exchanges: as its own, but with a process that is no more.
    private static string Killed(string folder, string name, string file, string within = "aside")
    {
        string path;
        using (var staging = new StagingFolder(folder, name, folder))
        {
            path = staging.Path;
            Directory.CreateDirectory(staging.FileOf(within));
            File.WriteAllText(Path.Combine(staging.FileOf(within), Path.GetFileName(file)), "old");
        }

        return Path.Combine(path, within, Path.GetFileName(file));
    }

    private static string[] Contents(string folder) =>
        [
            .. Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal)
                .Select(path => $"{Path.GetFileName(path)}: {(File.Exists(path) ? File.ReadAllText(path) : "folder")}"),
        ];
}
