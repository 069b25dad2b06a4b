using System.Collections;
using System.Text.Json;
using ColbertOnnx.Tests.Faces;

namespace ColbertOnnx.Tests.Cmdlets;

[Collection(nameof(Alone))]
public sealed class CmdletTests : IDisposable
{
    private const string Encode = "ConvertTo-ColbertEmbedding";

    private readonly ColbertModel model = ColbertModel.Load(TestData.Path("onnx", "bert-base"), new() { Sessions = 2 });

    public void Dispose() => model.Dispose();

    [Theory]
    [MemberData(nameof(ErrorCases.ModelNames), MemberType = typeof(ErrorCases))]
    public void A_broken_model_is_an_error_record_with_id_file_and_action(string name)
    {
        JsonElement c = ErrorCases.Model(name);
        using var folder = new TemporaryFolder();
        string path = ErrorCases.Build(c, folder);
        foreach (CmdletRun run in new[]
        {
            CmdletRun.Run("Import-ColbertModel", new() { ["Path"] = path }),
            CmdletRun.Run(Encode, new() { ["Query"] = true, ["Text"] = "x", ["Model"] = path }),
        })
        {
            ColbertException error = Assert.Single(run.Failures).Error;
            Assert.Equal(ErrorCases.ErrorOf(c), error.Id);
            Assert.All(ErrorCases.NamesOf(c), part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
            Assert.NotEmpty(error.Action!);
            Assert.NotEmpty(error.Target!);
            Assert.Empty(run.Output);
        }
    }

    [Fact]
    public void Texts_come_back_in_order_with_what_they_came_from()
    {
        string[] texts = [.. Enumerable.Range(0, 700).Select(i => string.Concat(Enumerable.Repeat($"text {i} ", 1 + (i * 7 % 11))))];
        CmdletRun run = Documents(texts);
        Assert.Equal(texts, run.Embeddings.Select(e => e.Text));
        Assert.Equal(texts, run.Embeddings.Select(e => (string)e.Source!));
        Assert.All(run.Embeddings, e => Assert.Equal(TextKind.Document, e.Kind));
        Assert.Empty(run.Failures);
    }

    [Fact]
    public void The_cmdlet_gives_what_the_library_gives()
    {
        CmdletRun run = CmdletRun.Run(Encode, new() { ["Query"] = true, ["Model"] = model }, new[] { "what is this" });
        Assert.Equal(model.EncodeQueries(["what is this"])[0].Values.ToArray(), run.Embeddings.Single().Values.ToArray());
    }

    [Fact]
    public void A_bad_text_is_an_error_of_its_own_and_the_rest_goes_on()
    {
        CmdletRun run = Documents("a", "x\ud800y", "b", null, new Hashtable { ["nothing"] = 1 }, "c");
        Assert.Equal(["a", "b", "c"], run.Embeddings.Select(e => e.Text));
        Assert.Equal(3, run.Failures.Count);
        Assert.All(run.Failures, f => Assert.Equal(ColbertErrorId.InputInvalid, f.Error.Id));
    }

    [Fact]
    public void Dictionaries_numbers_and_files_have_texts()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("note.md", "\uFEFFof a file\n").With("bad.md");
        File.WriteAllBytes(folder.File("bad.md"), [(byte)'a', 10, 0xFF]);
        object[] items =
        [
            new Hashtable { ["body"] = "of a dictionary", ["ID"] = 4 }, 2.5, new FileInfo(folder.File("note.md")),
            new FileInfo(folder.File("bad.md")), new DirectoryInfo(folder.Path),
        ];
        CmdletRun run = Documents(items);
        Assert.Equal(
            [("of a dictionary", "4"), ("2.5", null), ("of a file\n", folder.File("note.md"))], run.Embeddings.Select(e => (e.Text, e.Id)));
        Assert.Same(items[2], run.Embeddings.Last().Source);
        Assert.Contains("bad.md:2", run.Failures[0].Error.Message, StringComparison.Ordinal);
        Assert.Contains("is a folder", run.Failures[1].Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Named_properties_give_text_and_id()
    {
        Hashtable item = new() { ["text"] = "no", ["answer"] = "yes", ["key"] = "k" };
        ColbertEmbedding embedding = Documents(new() { ["TextProperty"] = "answer", ["IdProperty"] = "key" }, item).Embeddings.Single();
        Assert.Equal(("yes", "k"), (embedding.Text, embedding.Id));
    }

    [Fact]
    public void Embeddings_in_the_place_of_texts_are_told_and_nothing_is_read()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("c.npz", "x").With("a.txt", "one");
        CmdletRun run = DocumentFiles(folder.File("c.npz"), folder.File("a.txt"));
        Assert.Contains("c.npz' holds embeddings, not texts.", Assert.Single(run.Failures).Error.Message, StringComparison.Ordinal);
        Assert.Equal(["one"], run.Embeddings.Select(e => e.Text));
    }

    [Fact]
    public void Files_are_read_from_paths()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("a.txt", "one").With("b.txt", "two");
        CmdletRun run = DocumentFiles(folder.File("a.txt"), folder.File("none.txt"), folder.File("b.txt"));
        Assert.Equal([("one", folder.File("a.txt")), ("two", folder.File("b.txt"))], run.Embeddings.Select(e => (e.Text, e.Id)));
        Assert.Contains("none.txt", Assert.Single(run.Failures).Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_guesses_what_the_texts_are()
    {
        foreach (Dictionary<string, object?> neither in new Dictionary<string, object?>[]
        {
            new(), new() { ["Query"] = false }, new() { ["Document"] = false },
        })
        {
            CmdletRun run = CmdletRun.Run(Encode, new(neither) { ["Text"] = "x", ["Model"] = model });
            Assert.Contains("-Document", Assert.Single(run.Failures).Error.Action, StringComparison.Ordinal);
            Assert.Empty(run.Output);
        }

        CmdletRun both = CmdletRun.Run(Encode, new() { ["Query"] = true, ["Document"] = true, ["Text"] = "x", ["Model"] = model });
        Assert.StartsWith("AmbiguousParameterSet,", Assert.Single(both.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(both.Output);
    }

    [Fact]
    public void Cut_texts_are_counted_in_one_warning()
    {
        string text = string.Concat(Enumerable.Repeat("word ", 500));
        CmdletRun run = Documents(text, "short", text);
        string warning = Assert.Single(run.Warnings);
        Assert.StartsWith("2 of 3 texts", warning, StringComparison.Ordinal);
        Assert.Contains("48 tokens", warning, StringComparison.Ordinal);
        Assert.Equal([true, false, true], run.Embeddings.Select(e => e.IsTruncated));
    }

    [Fact]
    public void Tokens_come_when_asked_for()
    {
        ColbertEmbedding embedding = Documents(new() { ["IncludeToken"] = true }, "some words").Embeddings.Single();
        Assert.Equal(embedding.TokenCount, embedding.TokenIds!.Count);
        Assert.Equal(embedding.TokenCount, embedding.Tokens!.Count);
        Assert.Null(Documents("some words").Embeddings.Single().TokenIds);
    }

    [Fact]
    public void Early_results_leave_while_late_texts_still_come()
    {
        int seen = 0;
        CmdletRun? run = null;
        IEnumerable<string> Watch()
        {
            for (int i = 0; i < 5000; i++)
            {
                seen = run!.Written;
                yield return "text";
            }
        }

        using (run = new CmdletRun(Encode, new() { ["Document"] = true, ["Model"] = model }, Watch())) run.Invoke();
        Assert.Equal(5000, run.Written);
        Assert.InRange(seen, 1000, 4999);
    }

    [Fact]
    public async Task Stopping_ends_a_run_in_the_middle()
    {
        string text = string.Concat(Enumerable.Repeat("word ", 500));
        using var running = new ManualResetEventSlim();
        using var run = new CmdletRun(Encode, new() { ["Document"] = true, ["Model"] = model }, Enumerable.Repeat(text, 1_000_000))
        {
            OnWrite = running.Set,
        };
        Task invoked = Task.Run(run.Invoke, TestContext.Current.CancellationToken);
        Assert.True(running.Wait(ChildProcess.Patience, TestContext.Current.CancellationToken));
        await run.Stop(invoked);
        Assert.InRange(run.Written, 1, 999_999);
    }

    [Fact]
    public void A_model_is_named_by_its_folder_its_name_what_an_export_gave_or_the_embedded_one_s_name()
    {
        var folder = new ColbertModelFolder
        {
            Path = TestData.Path("onnx", "roberta-base"),
            Dimension = 16,
            Files = [],
            Duration = default,
        };
        OpenedModels.Remove(); // what other tests' cmdlets opened
        var open = (ColbertModel)CmdletRun.Run("Import-ColbertModel", new() { ["Path"] = TestData.Path("onnx", "bert-cased-lower") }).Output
            .Single();
        var embedded = (ColbertModel)CmdletRun.Run("Import-ColbertModel").Output.Single();
        try
        {
            Assert.Same(embedded, CmdletRun.Run("Import-ColbertModel", new() { ["Path"] = "minilm-l6-colbert-96" }).Output.Single());
            foreach (object argument in new object[]
            {
                folder, new DirectoryInfo(folder.Path), folder.Path, "BERT-cased-lower", embedded.Name,
            })
            {
                ColbertEmbedding embedding =
                    CmdletRun.Run(Encode, new() { ["Document"] = true, ["Text"] = "a b", ["Model"] = argument }).Embeddings.Single();
                Assert.Equal(Equals(argument, embedded.Name) ? 96 : 16, embedding.Dimension);
            }

            Assert.Equal(
                ["bert-cased-lower", "minilm-l6-colbert-96", "roberta-base"],
                CmdletRun.Run("Get-ColbertModel").Output.Select(model => ((ColbertModel)model).Name).Order());
        }
        finally
        {
            OpenedModels.Remove();
        }
    }

    [Fact]
    public void A_closed_model_is_an_error_that_says_so()
    {
        ColbertModel closed = ColbertModel.Load(TestData.Path("onnx", "bert-base"));
        closed.Dispose();
        CmdletRun run = CmdletRun.Run(Encode, new() { ["Query"] = true, ["Text"] = "x", ["Model"] = closed });
        Assert.Contains("closed", Assert.Single(run.Failures).Error.Message, StringComparison.Ordinal);
    }

    private CmdletRun Documents(params object?[] items) => Documents([], items);

    private CmdletRun Documents(Dictionary<string, object?> parameters, params object?[] items) =>
        CmdletRun.Run(Encode, new(parameters) { ["Document"] = true, ["Model"] = model }, items);

    private CmdletRun DocumentFiles(params string[] files) =>
        CmdletRun.Run(Encode, new() { ["Document"] = true, ["Model"] = model, ["LiteralPath"] = files });
}
