using ColbertOnnx.Inputs;

namespace ColbertOnnx.Tests.Embeddings;

/// <summary>The hidden folder in which a run gathers what it can go on with.</summary>
public sealed class GatheringPlaceTests : IDisposable
{
    private static readonly Dictionary<string, string> Model = new() { ["model"] = "m 1" };

    private readonly TemporaryFolder folder = new TemporaryFolder().With("in.txt", "one\ntwo\n");

    public static TheoryData<string> Names => ["out.npz", "out.safetensors", "out.jsonl", "out.parquet", "out"];

    [Fact]
    public void A_run_into_a_folder_goes_on_also_where_somebody_has_made_the_folder_since()
    {
        Interrupt("out", TextKind.Document);
        Directory.CreateDirectory(folder.File("out"));
        using (var run = new ColbertRun(folder.File("out"), Model, Options(TextKind.Document)))
        {
            Assert.Equal(1, run.State.Items);
            Write(run);
            run.Complete();
        }

        AssertWhole("out", TextKind.Document);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path, ".*"));
    }

    [Fact]
    public void A_run_of_documents_goes_on_behind_one_of_queries_that_made_the_folder()
    {
        Interrupt("out", TextKind.Document);
        using (var queries = new ColbertRun(folder.File("out"), Model, Options(TextKind.Query) with { Resume = false }))
        {
            Write(queries, TextKind.Query);
            queries.Complete();
        }

        using (var run = new ColbertRun(folder.File("out"), Model, Options(TextKind.Document)))
        {
            Assert.Equal(1, run.State.Items);
            Write(run);
            run.Complete();
        }

        AssertWhole("out", TextKind.Document);
        AssertWhole("out", TextKind.Query);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_folder_of_that_name_that_is_somebody_s_is_neither_used_nor_taken_away(string name)
    {
        string other = folder.File($".{name}.partial"), mine = Path.Combine(other, "thesis.tex");
        Directory.CreateDirectory(other);
        File.WriteAllText(mine, "work of years");
        ColbertException error =
            Assert.Throws<ColbertException>(() => new ColbertRun(folder.File(name), Model, Options(TextKind.Document)));
        Assert.Equal(ColbertErrorId.OutputFailed, error.Id);
        Assert.Contains($"'{other}' is where its run would gather, and holds 'thesis.tex'.", error.Message, StringComparison.Ordinal);
        using (var run = new ColbertRun(folder.File(name), Model, Options(TextKind.Document) with { Resume = false }))
        {
            Write(run);
            run.Complete();
        }

        Assert.Equal(["thesis.tex"], Directory.EnumerateFileSystemEntries(other).Select(path => Path.GetFileName(path)));
    }

    public void Dispose() => folder.Dispose();

    private ColbertRunOptions Options(TextKind kind) => new() { Kind = kind, Inputs = [folder.File("in.txt")], Resume = true };

    private void Interrupt(string name, TextKind kind)
    {
        using var run = new ColbertRun(folder.File(name), Model, Options(kind));
        foreach (InputItem item in run.Read(InputReader.ReadFile(folder.File("in.txt"))).Take(1)) run.Write(Embedding(item, kind));
    }

    private void Write(ColbertRun run, TextKind kind = TextKind.Document)
    {
        foreach (InputItem item in run.Read(InputReader.ReadFile(folder.File("in.txt")))) run.Write(Embedding(item, kind));
    }

    private void AssertWhole(string name, TextKind kind) => Assert.Equal(
        ["one", "two"],
        ColbertEmbeddingFile.Read(folder.File(name)).Where(embedding => embedding.Kind == kind).Select(embedding => embedding.Text));

    private static ColbertEmbedding Embedding(InputItem item, TextKind kind) => new(kind, item.Text, new float[] { 0.6f, 0.8f }, 2);
}
