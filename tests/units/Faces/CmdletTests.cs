using System.Collections;
using System.Management.Automation;
using System.Text.Json;
using ColbertOnnx.PowerShell.Commands;

namespace ColbertOnnx.Tests.Faces;

[Collection(nameof(Alone))]
public sealed class CmdletTests : IDisposable
{
    private readonly ColbertModel model = ColbertModel.Load(TestData.Path("onnx", "bert-base"), new() { Sessions = 2 });

    public void Dispose() => model.Dispose();

    [Theory]
    [MemberData(nameof(ErrorCases.ModelNames), MemberType = typeof(ErrorCases))]
    public void A_broken_model_is_an_error_record_with_id_file_and_action(string name)
    {
        JsonElement c = ErrorCases.Model(name);
        using var folder = new TemporaryFolder();
        string path = ErrorCases.Build(c, folder);
        foreach (ColbertCmdlet cmdlet in new ColbertCmdlet[] { new ImportColbertModelCommand { Path = path }, new ConvertToColbertEmbeddingCommand { IsQuery = true, Text = ["x"], Model = path } })
        {
            Recorder recorder = CmdletRun.Run(cmdlet);
            ColbertException error = Assert.Single(recorder.Failures).Error;
            Assert.Equal(ErrorCases.ErrorOf(c), error.Id);
            Assert.All(ErrorCases.NamesOf(c), part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
            Assert.NotEmpty(error.Action!);
            Assert.NotEmpty(error.Target!);
            Assert.Empty(recorder.Output);
        }
    }

    [Fact]
    public void Texts_come_back_in_order_with_what_they_came_from()
    {
        string[] texts = [.. Enumerable.Range(0, 700).Select(i => string.Concat(Enumerable.Repeat($"text {i} ", 1 + (i * 7 % 11))))];
        Recorder recorder = CmdletRun.Run(Convert(document: true), texts.Select(Bind));
        Assert.Equal(texts, recorder.Embeddings.Select(e => e.Text));
        Assert.Equal(texts, recorder.Embeddings.Select(e => (string)e.Source!));
        Assert.All(recorder.Embeddings, e => Assert.Equal(TextKind.Document, e.Kind));
        Assert.Empty(recorder.Failures);
    }

    [Fact]
    public void The_cmdlet_gives_what_the_library_gives()
    {
        Recorder recorder = CmdletRun.Run(Convert(document: false), Bind("what is this"));
        Assert.Equal(model.EncodeQueries(["what is this"])[0].Values.ToArray(), recorder.Embeddings.Single().Values.ToArray());
    }

    [Fact]
    public void A_bad_text_is_an_error_of_its_own_and_the_rest_goes_on()
    {
        object?[] items = ["a", "x\ud800y", "b", null, new Hashtable { ["nothing"] = 1 }, "c"];
        Recorder recorder = CmdletRun.Run(Convert(document: true), items.Select(Bind));
        Assert.Equal(["a", "b", "c"], recorder.Embeddings.Select(e => e.Text));
        Assert.Equal(3, recorder.Failures.Count);
        Assert.All(recorder.Failures, f => Assert.Equal(ColbertErrorId.InputInvalid, f.Error.Id));
    }

    [Fact]
    public void Dictionaries_numbers_and_files_have_texts()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("note.md", "\uFEFFof a file\n").With("bad.md");
        File.WriteAllBytes(folder.File("bad.md"), [(byte)'a', 10, 0xFF]);
        object[] items = [new Hashtable { ["body"] = "of a dictionary", ["ID"] = 4 }, 2.5, new FileInfo(folder.File("note.md")), new FileInfo(folder.File("bad.md")), new DirectoryInfo(folder.Path)];
        Recorder recorder = CmdletRun.Run(Convert(document: true), items.Select(Bind));
        Assert.Equal([("of a dictionary", "4"), ("2.5", null), ("of a file\n", folder.File("note.md"))], recorder.Embeddings.Select(e => (e.Text, e.Id)));
        Assert.Same(items[2], recorder.Embeddings.Last().Source);
        Assert.Contains("bad.md:2", recorder.Failures[0].Error.Message, StringComparison.Ordinal);
        Assert.Contains("is a folder", recorder.Failures[1].Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Named_properties_give_text_and_id()
    {
        ConvertToColbertEmbeddingCommand cmdlet = Convert(document: true);
        cmdlet.TextProperty = "answer";
        cmdlet.IdProperty = "key";
        Recorder recorder = CmdletRun.Run(cmdlet, Bind(new Hashtable { ["text"] = "no", ["answer"] = "yes", ["key"] = "k" }));
        Assert.Equal(("yes", "k"), (recorder.Embeddings.Single().Text, recorder.Embeddings.Single().Id));
    }

    [Fact]
    public void Embeddings_in_the_place_of_texts_are_told_and_nothing_is_read()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("c.npz", "x").With("a.txt", "one");
        ConvertToColbertEmbeddingCommand cmdlet = Convert(document: true);
        cmdlet.LiteralPath = [folder.File("c.npz"), folder.File("a.txt")];
        Recorder recorder = CmdletRun.Run(cmdlet);
        Assert.Contains("c.npz' holds embeddings, not texts.", Assert.Single(recorder.Failures).Error.Message, StringComparison.Ordinal);
        Assert.Equal(["one"], recorder.Embeddings.Select(e => e.Text));
    }

    [Fact]
    public void Files_are_read_from_paths()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("a.txt", "one").With("b.txt", "two");
        ConvertToColbertEmbeddingCommand cmdlet = Convert(document: true);
        cmdlet.LiteralPath = [folder.File("a.txt"), folder.File("none.txt"), folder.File("b.txt")];
        Recorder recorder = CmdletRun.Run(cmdlet);
        Assert.Equal([("one", folder.File("a.txt")), ("two", folder.File("b.txt"))], recorder.Embeddings.Select(e => (e.Text, e.Id)));
        Assert.Contains("none.txt", Assert.Single(recorder.Failures).Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void Nobody_guesses_what_the_texts_are(bool query, bool document)
    {
        Recorder recorder = CmdletRun.Run(new ConvertToColbertEmbeddingCommand { IsQuery = query, IsDocument = document, Text = ["x"], Model = model });
        Assert.Contains("-Document", Assert.Single(recorder.Failures).Error.Action, StringComparison.Ordinal);
        Assert.Empty(recorder.Output);
    }

    [Fact]
    public void Cut_texts_are_counted_in_one_warning()
    {
        string text = string.Concat(Enumerable.Repeat("word ", 500));
        Recorder recorder = CmdletRun.Run(Convert(document: true), Bind(text), Bind("short"), Bind(text));
        string warning = Assert.Single(recorder.Warnings);
        Assert.StartsWith("2 of 3 texts", warning, StringComparison.Ordinal);
        Assert.Contains("48 tokens", warning, StringComparison.Ordinal);
        Assert.Equal([true, false, true], recorder.Embeddings.Select(e => e.IsTruncated));
    }

    [Fact]
    public void Tokens_come_when_asked_for()
    {
        ConvertToColbertEmbeddingCommand cmdlet = Convert(document: true);
        cmdlet.WithTokens = true;
        ColbertEmbedding embedding = CmdletRun.Run(cmdlet, Bind("some words")).Embeddings.Single();
        Assert.Equal(embedding.TokenCount, embedding.TokenIds!.Count);
        Assert.Equal(embedding.TokenCount, embedding.Tokens!.Count);
        Assert.Null(CmdletRun.Run(Convert(document: true), Bind("some words")).Embeddings.Single().TokenIds);
    }

    [Fact]
    public void Early_results_leave_while_late_texts_still_come()
    {
        ConvertToColbertEmbeddingCommand cmdlet = Convert(document: true);
        var recorder = new Recorder();
        int seen = 0;
        Action<ConvertToColbertEmbeddingCommand> watch = c =>
        {
            c.Text = ["text"];
            seen = Math.Max(seen, recorder.Output.Count);
        };
        CmdletRun.Run(cmdlet, recorder, Enumerable.Repeat(watch, 5000));
        Assert.Equal(5000, recorder.Output.Count);
        Assert.InRange(seen, 1000, 4999);
    }

    [Fact]
    public async Task Stopping_ends_a_run_in_the_middle()
    {
        ConvertToColbertEmbeddingCommand cmdlet = Convert(document: true);
        string text = string.Concat(Enumerable.Repeat("word ", 500));
        using var running = new ManualResetEventSlim();
        var recorder = new Recorder { OnWrite = running.Set };
        Task run = Task.Run(() => CmdletRun.Run(cmdlet, recorder, Enumerable.Repeat(Bind(text), 1_000_000)), TestContext.Current.CancellationToken);
        Assert.True(running.Wait(ChildProcess.Patience, TestContext.Current.CancellationToken));
        CmdletRun.Stop(cmdlet);
        await Assert.ThrowsAsync<PipelineStoppedException>(() => run.WaitAsync(ChildProcess.Patience, TestContext.Current.CancellationToken));
        Assert.InRange(recorder.Output.Count, 1, 999_999);
        Assert.Empty(recorder.Failures);
    }

    [Fact]
    public void A_model_is_named_by_its_folder_its_name_what_an_export_gave_or_the_embedded_one_s_name()
    {
        var folder = new ColbertModelFolder { Path = TestData.Path("onnx", "roberta-base"), Dimension = 16, Files = [], Duration = default };
        RemoveAll(); // what other tests' cmdlets opened
        var open = (ColbertModel)CmdletRun.Run(new ImportColbertModelCommand { Path = TestData.Path("onnx", "bert-cased-lower") }).Output.Single();
        var embedded = (ColbertModel)CmdletRun.Run(new ImportColbertModelCommand()).Output.Single();
        try
        {
            Assert.Same(embedded, CmdletRun.Run(new ImportColbertModelCommand { Path = "minilm-l6-colbert-96" }).Output.Single());
            foreach (object argument in new object[] { folder, new DirectoryInfo(folder.Path), folder.Path, "BERT-cased-lower", embedded.Name })
            {
                ColbertEmbedding embedding = CmdletRun.Run(new ConvertToColbertEmbeddingCommand { IsDocument = true, Text = ["a b"], Model = argument }).Embeddings.Single();
                Assert.Equal(Equals(argument, embedded.Name) ? 96 : 16, embedding.Dimension);
            }

            Assert.Equal(["bert-cased-lower", "minilm-l6-colbert-96", "roberta-base"], CmdletRun.Run(new GetColbertModelCommand()).Output.Select(model => ((ColbertModel)model).Name).Order());
        }
        finally
        {
            RemoveAll();
        }

        static void RemoveAll()
        {
            foreach (ColbertModel model in CmdletRun.Run(new GetColbertModelCommand()).Output.Cast<ColbertModel>().ToArray()) CmdletRun.Run(new RemoveColbertModelCommand { Model = [model] });
        }
    }

    [Fact]
    public void A_closed_model_is_an_error_that_says_so()
    {
        ColbertModel closed = ColbertModel.Load(TestData.Path("onnx", "bert-base"));
        closed.Dispose();
        Recorder recorder = CmdletRun.Run(new ConvertToColbertEmbeddingCommand { IsQuery = true, Text = ["x"], Model = closed });
        Assert.Contains("closed", Assert.Single(recorder.Failures).Error.Message, StringComparison.Ordinal);
    }

    private static Action<ConvertToColbertEmbeddingCommand> Bind(object? item) => cmdlet => cmdlet.Text = [item!];

    private ConvertToColbertEmbeddingCommand Convert(bool document) => new() { IsDocument = document, IsQuery = !document, Model = model };
}
