using System.Text;
using System.Text.Json;
using ColbertOnnx.Embeddings;
using ColbertOnnx.Inputs;
using ColbertOnnx.Tests.Documents;

namespace ColbertOnnx.Tests.Embeddings;

/// <summary>Texts that could not be encoded: the file beside the output that has them.</summary>
public sealed class TextFailureTests : IDisposable
{
    private static readonly IReadOnlyDictionary<string, string> Model = new Dictionary<string, string> { ["model"] = "m" };
    private static readonly ColbertException Error = new(ColbertErrorId.InputInvalid, "in.jsonl:2: \"half\" 😀", "in.jsonl:2", "Mend it.");

    private readonly TemporaryFolder folder = new TemporaryFolder().With("in.txt", "one\ntwo\nthree\n");

    public static TheoryData<string> Names => ["out.npz", "out.safetensors", "out.jsonl", "out.parquet", "out"];

    [Theory]
    [InlineData("a:b/in.jsonl:17", "a:b/in.jsonl", 17L, null)]
    [InlineData("in.jsonl, byte 1234", "in.jsonl", null, 1234L)]
    [InlineData("standard input:3", "standard input", 3L, null)]
    [InlineData("in.json", "in.json", null, null)]
    [InlineData(null, null, null, null)]
    public void A_line_says_which_text_failed_where_and_why(string? place, string? source, long? line, long? at)
    {
        string written = Encoding.UTF8.GetString(TextFailure.ToLine(2, "id 😀", place, Error));
        Assert.EndsWith("}\n", written, StringComparison.Ordinal);
        JsonElement json = JsonDocument.Parse(written).RootElement;
        Assert.Equal(
            (2, "id 😀", source),
            (json.GetProperty("text").GetInt64(), json.GetProperty("id").GetString(), json.GetProperty("source").GetString()));
        Assert.Equal((line, at), (json.GetProperty("line").Deserialize<long?>(), json.GetProperty("byte").Deserialize<long?>()));
        Assert.Equal(
            ("InputInvalid", "in.jsonl:2: \"half\" 😀", "Mend it."),
            (json.GetProperty("error").GetString(), json.GetProperty("message").GetString(), json.GetProperty("action").GetString()));
        string[] told =
        [
            .. Pages.Rows(Pages.Part("docs/manifest.md", "## Texts that could not be encoded")).SelectMany(row => row[0].Split(", "))
                .Select(name => name.Trim('`')),
        ];
        Assert.Equal(json.EnumerateObject().Select(field => field.Name), told);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_interrupted_run_keeps_the_errors_that_it_had_and_an_output_without_errors_has_no_file(string name)
    {
        using (ColbertRun run = Begin(name, resume: true)) Do(run, run.Read(Items()).Take(2), fails: "one");
        using (ColbertRun run = Begin(name, resume: true))
        {
            Do(run, run.Read(Items()), fails: "three");
            Assert.Equal(2, run.Complete().Counts.Errors);
        }

        string errors = RunManifest.ErrorsPathOf(folder.File(name));
        Assert.Equal(folder.File(name + ".errors.jsonl"), errors);
        Assert.Equal(["1 in.txt:1", "3 in.txt:3"], File.ReadLines(errors).Select(Shown));

        using (ColbertRun run = Begin(name, force: true))
        {
            Do(run, run.Read(Items()), fails: "two");
            run.Complete();
        }

        Assert.Equal(["2 in.txt:2"], File.ReadLines(errors).Select(Shown));
        using (ColbertRun run = Begin(name, force: true))
        {
            Do(run, run.Read(Items()), fails: "none");
            run.Complete();
        }

        Assert.False(File.Exists(errors));
        Assert.Equal(0, RunManifest.Read(RunManifest.PathOf(folder.File(name))).Counts.Errors);
    }

    [Theory]
    [InlineData("out.npz")]
    [InlineData("out")]
    public void A_killed_process_leaves_its_errors_for_the_next_one_to_place(string name)
    {
        using (ColbertRun run = Begin(name))
        {
            Do(run, run.Read(Items()), fails: "two");
            run.Complete();
        }

        folder.With($".{name}.partial/lock").With($".{name}.partial/parts/x");
        File.Move(folder.File($"{name}.manifest.json"), folder.File($".{name}.partial/{name}.manifest.json"));
        File.Move(folder.File($"{name}.errors.jsonl"), folder.File($".{name}.partial/parts/errors.jsonl"));
        Assert.NotNull(ColbertRun.FindFinished(folder.File(name), Model, Options(), Items()));
        Assert.Equal(["2 in.txt:2"], File.ReadLines(folder.File($"{name}.errors.jsonl")).Select(Shown));
        Assert.False(Path.Exists(folder.File($".{name}.partial")));
    }

    [Theory]
    [InlineData("mine\n")]
    [InlineData("{\"text\":\"a text of mine\"}\n")]
    [InlineData("[1]")]
    public void A_file_of_that_name_that_has_no_errors_of_a_run_is_not_replaced(string content)
    {
        folder.With("out.npz.errors.jsonl", content);
        ColbertException error = Assert.Throws<ColbertException>(() => Begin("out.npz", force: true));
        Assert.Equal((ColbertErrorId.OutputExists, folder.File("out.npz.errors.jsonl")), (error.Id, error.Target));
        Assert.Equal(content, File.ReadAllText(folder.File("out.npz.errors.jsonl")));
    }

    public void Dispose() => folder.Dispose();

    private ColbertRunOptions Options(bool resume = false, bool force = false) =>
        new() { Kind = TextKind.Document, Inputs = [folder.File("in.txt")], Resume = resume, File = new() { Force = force } };

    private ColbertRun Begin(string name, bool resume = false, bool force = false) => new(folder.File(name), Model, Options(resume, force));

    private IEnumerable<InputItem> Items() => InputReader.ReadFile(folder.File("in.txt"));

    private static void Do(ColbertRun run, IEnumerable<InputItem> items, string fails)
    {
        foreach (InputItem item in items)
        {
            if (item.Text == fails) run.Fail(Error, item.Id, item.Location);
            else run.Write(new ColbertEmbedding(TextKind.Document, item.Text, new float[] { 1, 0 }, 2));
        }
    }

    private static string Shown(string line)
    {
        JsonElement json = JsonDocument.Parse(line).RootElement;
        return $"{json.GetProperty("text")} {Path.GetFileName(json.GetProperty("source").GetString())}:{json.GetProperty("line")}";
    }
}
