using ColbertOnnx.Diagnostics.Html;
using ColbertOnnx.Diagnostics.Parity.References;
using ColbertOnnx.Embeddings;
using ColbertOnnx.Export;

namespace ColbertOnnx.Tests.Embeddings;

/// <summary>Where results go that are given the name of a link, a device or a root.</summary>
public sealed class OutputTargetTests
{
    [Theory]
    [InlineData("out.npz")]
    [InlineData("out.safetensors")]
    [InlineData("out.jsonl")]
    public void A_link_stays_and_what_it_leads_to_is_written(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A link needs rights.");
        using TemporaryFolder folder = new TemporaryFolder().With("far/real", "old");
        File.CreateSymbolicLink(folder.File("middle"), Path.Combine("far", "real"));
        File.CreateSymbolicLink(folder.File(name), "middle");
        Assert.Equal(ColbertErrorId.OutputExists, Assert.Throws<ColbertException>(() => Write(folder.File(name), force: false)).Id);
        Write(folder.File(name), force: true);
        Write(folder.File("plain-" + name), force: false);
        Assert.Equal("middle", new FileInfo(folder.File(name)).LinkTarget);
        Assert.Equal(File.ReadAllBytes(folder.File("plain-" + name)), File.ReadAllBytes(folder.File("far/real")));
        Assert.Equal([folder.File("far/real")], Directory.EnumerateFileSystemEntries(folder.File("far")));
    }

    [Fact]
    public void A_link_to_a_file_that_is_not_there_makes_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A link needs rights.");
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("far"));
        File.CreateSymbolicLink(folder.File("out.npz"), Path.Combine("far", "new"));
        File.CreateSymbolicLink(folder.File("out"), Path.Combine("far", "folder"));
        Write(folder.File("out.npz"), force: true);
        Write(folder.File("out"), force: true);
        Assert.True(File.Exists(folder.File("far/new")));
        Assert.Single(Directory.EnumerateFiles(folder.File("far/folder"), "doc_*.npy"));
        Assert.Equal(2, Directory.EnumerateFileSystemEntries(folder.Path).Count(path => new FileInfo(path).LinkTarget is not null));
    }

    [Theory]
    [InlineData("file/out.npz")]
    [InlineData("file/out")]
    [InlineData("file/a/b/out.jsonl")]
    public void What_lies_below_a_file_is_told_for_every_output(string name)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("file", "");
        string output = folder.File(name), sentence = $"'{output}' lies below '{folder.File("file")}', which is a file.";
        foreach (Action write in (Action[])
        [
            () => Write(output, force: true), () => ReportFile.Check(output, force: true),
            () => new StagedFolder(output, ["a"], force: true).Dispose(),
        ])
        {
            var error = Assert.Throws<ColbertException>(write);
            Assert.Equal((ColbertErrorId.OutputFailed, sentence), (error.Id, error.Message));
        }

        using ColbertModel model = ColbertModel.Load(TestData.Path("onnx", "bert-base"));
        Assert.Contains(
            $"lies below '{folder.File("file")}', which is a file.",
            Assert.Throws<ColbertException>(() => new ReferenceWriter(folder.File("file/r.safetensors"), model, force: true)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_and_a_model_folder_are_written_through_a_link_as_well()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A link needs rights.");
        using TemporaryFolder folder = new TemporaryFolder().With("far/page", "old").With("model/note", "mine");
        File.CreateSymbolicLink(folder.File("page.html"), Path.Combine("far", "page"));
        ReportFile.Write(folder.File("page.html"), "new", force: true);
        Assert.Equal("new", File.ReadAllText(folder.File("far/page")));
        Directory.CreateSymbolicLink(folder.File("link"), "model");
        using (var staged = new StagedFolder(folder.File("link"), ["a"], force: false))
        {
            File.WriteAllText(staged.FileOf("a"), "new");
            staged.Complete();
        }

        Assert.Equal(
            ["a", "note"],
            Directory.EnumerateFileSystemEntries(folder.File("model")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.NotNull(new FileInfo(folder.File("link")).LinkTarget);
        Assert.NotNull(new FileInfo(folder.File("page.html")).LinkTarget);
    }

    [Fact]
    public void A_reference_is_written_through_links_as_well()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A link needs rights.");
        using TemporaryFolder folder = new TemporaryFolder().With("far/tensors", "old").With("far/texts", "old");
        File.CreateSymbolicLink(folder.File("r.safetensors"), Path.Combine("far", "tensors"));
        File.CreateSymbolicLink(folder.File("r.json"), Path.Combine("far", "texts"));
        using ColbertModel model = ColbertModel.Load(TestData.Path("onnx", "bert-base"));
        using (var writer = new ReferenceWriter(folder.File("r.safetensors"), model, force: true))
        {
            writer.Write(Assert.Single(model.EncodeQueries(["bread"])));
            writer.Complete();
        }

        Assert.Equal("far/texts", new FileInfo(folder.File("r.json")).LinkTarget);
        Assert.StartsWith("{", File.ReadAllText(folder.File("far/texts")), StringComparison.Ordinal);
        Assert.True(new FileInfo(folder.File("far/tensors")).Length > 1000);
        Assert.Equal(2, Directory.EnumerateFileSystemEntries(folder.File("far")).Count());
    }

    [Fact]
    public void Weights_beside_a_graph_that_is_not_there_are_not_removed_unasked()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("model.onnx.data", "mine");
        var error = Assert.Throws<ColbertException>(() => new StagedFolder(folder.Path, ["model.onnx"], force: false).Dispose());
        Assert.Equal((ColbertErrorId.OutputExists, folder.File("model.onnx.data")), (error.Id, error.Target));
        Assert.Equal("mine", File.ReadAllText(folder.File("model.onnx.data")));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("//")]
    [InlineData("/tmp/..")]
    public void The_root_of_a_file_system_is_refused(string root)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The names are Unix's.");
        Assert.Equal(ColbertErrorId.InputInvalid, Assert.Throws<ColbertException>(() => EmbeddingWriter.Open(root).Dispose()).Id);
        Assert.Equal(
            ColbertErrorId.InputInvalid,
            Assert.Throws<ColbertException>(() => new StagedFolder(root, ["model.onnx"], force: false).Dispose()).Id);
        using TemporaryFolder folder = new();
        Directory.CreateSymbolicLink(folder.File("link"), root);
        Assert.Equal(
            ColbertErrorId.InputInvalid, Assert.Throws<ColbertException>(() => EmbeddingWriter.Open(folder.File("link")).Dispose()).Id);
    }

    // What Windows makes of such names; tests/platforms gives them to the command.
    [Theory]
    [InlineData("NUL", @"\\.\NUL", @"\\.\NUL", "'NUL' is the name of a device of Windows, which no file can have.")]
    [InlineData("aux.npz", @"\\.\aux", @"\\.\aux", "'aux.npz' is the name of a device of Windows, which no file can have.")]
    [InlineData(@"\\.\pipe\mine", @"\\.\pipe\mine", @"\\.\pipe\", "is the name of a device of Windows, which no file can have.")]
    [InlineData("/", "/", "/", "'/' is the root of a file system, where no results are written.")]
    [InlineData(@"C:\", @"C:\", @"C:\", @"'C:\' is the root of a file system, where no results are written.")]
    [InlineData(@"\\?\C:\out.npz", @"\\?\C:\out.npz", @"\\?\C:\", null)]
    [InlineData("out.npz", @"C:\here\out.npz", @"C:\", null)]
    [InlineData("out.npz", "/here/out.npz", "/", null)]
    public void A_device_of_Windows_and_a_root_are_refused_by_what_they_are(string path, string target, string root, string? said)
    {
        ColbertException? refusal = OutputTarget.Refusal(path, target, root);
        Assert.Equal(said is null, refusal is null);
        if (said is not null) Assert.EndsWith(said, refusal!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_is_not_replaced()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The names are Unix's.");
        using TemporaryFolder folder = new();
        File.CreateSymbolicLink(folder.File("out.npz"), "/dev/null");
        Assert.Equal(ColbertErrorId.OutputFailed, Assert.Throws<ColbertException>(() => Write(folder.File("out.npz"), force: true)).Id);
        Assert.Equal(
            ColbertErrorId.OutputFailed,
            Assert.Throws<ColbertException>(() => ReportFile.Write(folder.File("out.npz"), "", force: true)).Id);
        File.CreateSymbolicLink(folder.File("circle.npz"), "circle.npz");
        Assert.Equal(ColbertErrorId.OutputFailed, Assert.Throws<ColbertException>(() => Write(folder.File("circle.npz"), force: true)).Id);
    }

    private static void Write(string path, bool force)
    {
        using StagedWriter writer = EmbeddingWriter.Open(path, new EmbeddingWriterOptions { Force = force });
        writer.Write(new ColbertEmbedding(TextKind.Document, "bread", new float[] { 1, 0 }, 2));
        writer.Complete();
    }
}
