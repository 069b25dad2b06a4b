using ColbertOnnx.Embeddings;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Tests.Embeddings;

/// <summary>How an input is read is a part of what a run is.</summary>
public sealed class InputIdentityTests : IDisposable
{
    private static readonly Dictionary<string, string> Model = new() { ["model"] = "m 1" };

    private readonly TemporaryFolder folder = new TemporaryFolder().With("in.csv", "id,text,title\n1,one,uno\n2,two,dos\n");

    public static TheoryData<string, string, string> Fields => new()
    {
        { "input format", "csv", "tsv" },
        { "text field", "text", "title" },
        { "id field", "id, if there is one", "title" },
        { "header", "yes", "no" },
        { "delimiter", ",", ";" },
        { "quoted", "yes", "no" },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_finished_run_that_was_read_otherwise_is_another_one(string field, string before, string now)
    {
        Run("out.npz", Options());
        ColbertException error = Assert.Throws<ColbertException>(() => Find("out.npz", Changed(field)));
        Assert.Equal(
            $"'{folder.File("out.npz")}' exists already, and is of another run: its {field} was '{before}', and is '{now}' now.",
            error.Message);
        Assert.Null(Find("out.npz", Changed(field) with { File = new() { Force = true } }));
        Assert.NotNull(Find("out.npz", Options()));
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void An_interrupted_run_that_was_read_otherwise_is_not_gone_on_with(string field, string before, string now)
    {
        using (var run = new ColbertRun(folder.File("out.npz"), Model, Options() with { Resume = true })) Write(run);
        ColbertException error =
            Assert.Throws<ColbertException>(() => new ColbertRun(folder.File("out.npz"), Model, Changed(field) with { Resume = true }));
        Assert.Equal(ColbertErrorId.OutputExists, error.Id);
        Assert.EndsWith(
            $"this one cannot go on with: its {field} was '{before}', and is '{now}' now.", error.Message, StringComparison.Ordinal);
        using var same = new ColbertRun(folder.File("out.npz"), Model, Options() with { Resume = true });
        Assert.Equal(2, same.State.Items);
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void Shards_that_were_read_otherwise_are_not_merged(string field, string before, string now)
    {
        Run("1.npz", Options() with { Shard = new ColbertShard(1, 2) });
        Run("2.npz", Changed(field) with { Shard = new ColbertShard(2, 2) });
        ShardFault fault = Assert.Single(ColbertMerge.Check([folder.File("1.npz"), folder.File("2.npz")]).Faults);
        Assert.Equal($"is of another run than '{folder.File("1.npz")}': its {field} is '{now}', and there '{before}'", fault.What);
    }

    [Fact]
    public void A_default_that_is_said_is_the_same_run()
    {
        Run("out.npz", Options());
        var said = new InputOptions { Format = InputFormat.Csv, TextField = "text", HasHeader = true, Delimiter = ',', IsQuoted = true };
        Assert.NotNull(Find("out.npz", Options() with { ReadAs = said }));
    }

    [Fact]
    public void What_a_format_does_not_know_is_no_part_of_a_run()
    {
        Assert.Equal(
            ["text", "", "", "", "", ""], Values(["a.txt", "-"], new InputOptions { TextField = "x", HasHeader = false, Delimiter = ';' }));
        Assert.Equal(
            ["jsonl", "x", "", "", "", ""], Values(["a.jsonl"], new InputOptions { TextField = "x", HasIds = false, IsQuoted = true }));
        Assert.Equal(
            ["tsv csv", "text", "id, if there is one", "yes", "tab ,", "no yes"], Values(["a.tsv", "b.csv", "c.TSV"], new InputOptions()));
    }

    public void Dispose() => folder.Dispose();

    private static string[] Values(string[] inputs, InputOptions options) =>
        [.. InputIdentity.Of(inputs, options).Select(field => field.Value)];

    private ColbertRunOptions Options() => new() { Kind = TextKind.Document, Inputs = [folder.File("in.csv")] };

    private ColbertRunOptions Changed(string field) => Options() with
    {
        ReadAs = field switch
        {
            "input format" => new() { Format = InputFormat.Tsv },
            "text field" => new() { TextField = "title" },
            "id field" => new() { IdField = "title" },
            "header" => new() { HasHeader = false },
            "delimiter" => new() { Delimiter = ';' },
            _ => new() { IsQuoted = false },
        },
    };

    private RunManifest? Find(string name, ColbertRunOptions options) =>
        ColbertRun.FindFinished(folder.File(name), Model, options, InputReader.ReadFile(folder.File("in.csv")));

    private void Run(string name, ColbertRunOptions options)
    {
        using var run = new ColbertRun(folder.File(name), Model, options);
        Write(run);
        run.Complete();
    }

    private void Write(ColbertRun run)
    {
        foreach (InputItem item in run.Read(InputReader.ReadFile(folder.File("in.csv"))))
            run.Write(new ColbertEmbedding(TextKind.Document, item.Text, new float[] { 0.6f, 0.8f }, 2));
    }
}
