using ColbertOnnx.Embeddings;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Tests.Embeddings;

/// <summary>An output that has lost a part of it: the same run encodes it again.</summary>
public sealed class MendedRunTests : IDisposable
{
    private static readonly IReadOnlyDictionary<string, string> Model = new Dictionary<string, string> { ["model"] = "m 1" };

    private readonly TemporaryFolder folder = new TemporaryFolder()
        .With("in.jsonl", "{\"text\":\"one\"}\nbad\n{\"text\":\"two\"}\nbad\n").With("none.jsonl");

    public static TheoryData<string> Names => ["out.npz", "out.safetensors", "out.jsonl", "out.parquet", "out"];

    public static TheoryData<string, string> Broken => new()
    {
        { "half", "this is not an error of a text" },
        { "one", "it has 1 error, and the manifest beside it says 2" },
        { "twice", "text 2 is not behind text 2" },
        { "empty", "it has 0 errors, and the manifest beside it says 2" },
        { "missing", "has no 'out.npz.errors.jsonl' beside it, and its manifest counts 2 errors" },
    };

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Broken))]
    public void Errors_that_are_broken_or_missing_are_made_again(string how, string said)
    {
        Run("out.npz");
        string errors = folder.File("out.npz.errors.jsonl"), good = File.ReadAllText(errors);
        string first = good[..(good.IndexOf('\n') + 1)];
        File.WriteAllText(errors, how switch { "half" => good[..^9], "one" => first, "twice" => first + first, _ => "" });
        if (how == "missing") File.Delete(errors);
        string? told = null;
        Assert.Null(Find("out.npz", change => told = change));
        Assert.Contains(said, told, StringComparison.Ordinal);
        Assert.Contains(said, Assert.Throws<ColbertException>(() => Find("out.npz", null)).Message, StringComparison.Ordinal);
        Run("out.npz", force: true);
        Assert.Equal(good, File.ReadAllText(errors));
        Assert.NotNull(Find("out.npz", _ => Assert.Fail("It is as it was.")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{\"name\":\"doc_0000")]
    public void A_folder_that_lost_its_texts_is_written_again(string? left)
    {
        Run("out");
        string texts = folder.File("out/doc_texts.jsonl"), good = File.ReadAllText(texts);
        if (left is null) File.Delete(texts);
        else File.WriteAllText(texts, left);
        Assert.Null(Find("out", _ => { }));
        Run("out", force: true);
        Assert.Equal(good, File.ReadAllText(texts));
        Assert.NotNull(Find("out", null));
    }

    [Theory]
    [InlineData("out/doc_000004.npy", true)]
    [InlineData("out/doc_texts.jsonl", false)]
    public void What_the_manifest_does_not_count_is_not_replaced(string stranger, bool hasManifest)
    {
        Run("out");
        File.Delete(folder.File("out/doc_texts.jsonl"));
        if (!hasManifest) File.Delete(folder.File("out.manifest.json"));
        File.Copy(folder.File("out/doc_000000.npy"), folder.File(stranger));
        string[] before = Directory.GetFiles(folder.File("out"));
        Assert.Equal(ColbertErrorId.OutputExists, Assert.Throws<ColbertException>(() => Run("out", force: true)).Id);
        Assert.Equal(before, Directory.GetFiles(folder.File("out")));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_output_without_a_text_is_finished_and_read(string name)
    {
        Run(name, from: "none.jsonl");
        Assert.NotNull(Find(name, null, "none.jsonl"));
        Assert.Empty(ColbertEmbeddingFile.Read(folder.File(name)));
    }

    [Fact]
    public void A_folder_without_a_text_replaces_one_that_had_some()
    {
        Run("out");
        Run("out", force: true, from: "none.jsonl");
        Assert.Equal([folder.File("out/doc_texts.jsonl")], Directory.EnumerateFileSystemEntries(folder.File("out")));
        Assert.Empty(ColbertEmbeddingFile.Read(folder.File("out")));
        Directory.CreateDirectory(folder.File("empty"));
        ColbertException error = Assert.Throws<ColbertException>(() => ColbertEmbeddingFile.Read(folder.File("empty")).Count());
        Assert.Contains("there is no npy file in the folder", error.Message, StringComparison.Ordinal);
    }

    private ColbertRunOptions Options(bool force, string from) =>
        new() { Kind = TextKind.Document, Inputs = [folder.File(from)], File = new() { Force = force } };

    private RunManifest? Find(string name, Action<string>? changed, string from = "in.jsonl") =>
        ColbertRun.FindFinished(folder.File(name), Model, Options(false, from), InputReader.ReadFile(folder.File(from)), changed);

    private void Run(string name, bool force = false, string from = "in.jsonl")
    {
        using var run = new ColbertRun(folder.File(name), Model, Options(force, from));
        foreach (InputItem item in run.Read(InputReader.ReadFile(folder.File(from))))
        {
            if (item.Error is { } error) run.Fail(error, item.Id, item.Location);
            else run.Write(new ColbertEmbedding(TextKind.Document, item.Text, new float[] { 0.6f, 0.8f, 1, 0 }, 2));
        }

        run.Complete();
    }
}
