using ColbertOnnx.Inputs;
using ColbertOnnx.IO;

namespace ColbertOnnx.Tests.Embeddings;

/// <summary>What an interrupted run has left when another one writes its output.</summary>
public sealed class InterruptedRunTests : IDisposable
{
    private static readonly IReadOnlyDictionary<string, string> Model = new Dictionary<string, string> { ["model"] = "m 1" };

    private readonly TemporaryFolder folder = new TemporaryFolder().With("in.txt", "one\ntwo\n");

    public static TheoryData<string> Names => ["out.npz", "out.safetensors", "out.jsonl", "out.parquet", "out"];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void It_goes_when_another_run_has_written_the_output(string name)
    {
        Interrupt(name);
        Assert.Equal([folder.File($".{name}.partial")], Hidden());
        Run(name);
        Assert.Empty(Hidden());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_stays_while_a_process_is_at_it(string name)
    {
        Interrupt(name);
        using (FileLock.TryTake(folder.File($".{name}.partial/lock"))) Run(name);
        Assert.Equal([folder.File($".{name}.partial")], Hidden());
        Run(name, force: true);
        Assert.Empty(Hidden());
    }

    [Fact]
    public void In_a_folder_that_of_the_same_kind_goes_and_that_of_the_other_stays()
    {
        Run("out");
        Interrupt("out", TextKind.Query);
        string left = folder.File("out/.embeddings.partial");
        Run("out", force: true);
        Assert.True(Directory.Exists(left));
        Run("out", kind: TextKind.Query);
        Assert.False(Directory.Exists(left));
        Assert.Equal(
            ["doc_000000.npy", "doc_000001.npy", "doc_texts.jsonl", "query_000000.npy", "query_000001.npy", "query_texts.jsonl"],
            Directory.EnumerateFileSystemEntries(folder.File("out")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private string[] Hidden() => [.. Directory.EnumerateFileSystemEntries(folder.Path, ".*")];

    private void Interrupt(string name, TextKind kind = TextKind.Document)
    {
        using var run = new ColbertRun(folder.File(name), Model, Options(kind) with { Resume = true });
        run.Write(Embedding(run.Read(Items()).First(), kind));
        run.Checkpoint();
    }

    private void Run(string name, bool force = false, TextKind kind = TextKind.Document)
    {
        using var run = new ColbertRun(folder.File(name), Model, Options(kind) with { File = new() { Force = force } });
        foreach (InputItem item in run.Read(Items())) run.Write(Embedding(item, kind));
        run.Complete();
    }

    private ColbertRunOptions Options(TextKind kind) => new() { Kind = kind, Inputs = [folder.File("in.txt")] };

    private IEnumerable<InputItem> Items() => InputReader.ReadFile(folder.File("in.txt"));

    private static ColbertEmbedding Embedding(InputItem item, TextKind kind) => new(kind, item.Text, new float[] { 0.6f, 0.8f, 1, 0 }, 2);
}
