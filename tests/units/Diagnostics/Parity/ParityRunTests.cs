using System.Text;
using ColbertOnnx.Diagnostics;
using ColbertOnnx.Diagnostics.Parity;
using ColbertOnnx.Embeddings;

namespace ColbertOnnx.Tests.Diagnostics.Parity;

[Collection(nameof(Alone))]
public sealed class ParityRunTests
{
    private static readonly string Tiny = TestData.Path("onnx", "bert-base");

    [Fact]
    public void Results_leave_in_the_order_of_the_reference_whatever_their_kind()
    {
        using ColbertModel model = ColbertModel.Load(Tiny, new() { Sessions = 3 });
        using var folder = new TemporaryFolder();
        WriteLines(model, folder.File("r.jsonl"), 700, i => i % 3 == 0 ? TextKind.Query : TextKind.Document);
        List<ColbertTextParity> texts = [];
        ColbertParity parity = ColbertReference.Compare(
            model, folder.File("r.jsonl"), new() { Tolerance = 1e-5 }, accept: texts.Add,
            cancellation: TestContext.Current.CancellationToken);
        Assert.True(parity.Passed);
        Assert.Equal(Enumerable.Range(1, 700).Select(i => (long)i), texts.Select(text => text.Number));
        Assert.Equal(
            Enumerable.Range(0, 700).Select(i => i % 3 == 0 ? TextKind.Query : TextKind.Document), texts.Select(text => text.Kind));
        Assert.Equal((32, 128), (parity.Ranking!.Queries, parity.Ranking.Documents));
    }

    [Fact]
    public void The_worst_texts_are_kept_the_worst_first()
    {
        using ColbertModel model = ColbertModel.Load(Tiny);
        using var folder = new TemporaryFolder();
        WriteLines(model, folder.File("r.jsonl"), 60, _ => TextKind.Document, turn: i => i == 40 ? 0.5f : i / 1000f, lose: i => i == 17);
        ColbertParity parity = ColbertReference.Compare(
            model, folder.File("r.jsonl"), new() { Worst = 4 }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal([18L, 41L, 60L, 59L], parity.Worst.Select(text => text.Number));
        Assert.Equal(1, parity.OtherRows);
        Assert.InRange(parity.Missed, 40, 59);
    }

    [Fact]
    public void Memory_does_not_grow_with_the_reference()
    {
        using ColbertModel model = ColbertModel.Load(Tiny, new() { Sessions = 1 });
        using var folder = new TemporaryFolder();
        WriteLines(model, folder.File("short.jsonl"), 500, _ => TextKind.Document);
        string line = File.ReadAllText(folder.File("short.jsonl"));
        using (var stream = new StreamWriter(folder.File("long.jsonl"), false, new UTF8Encoding(false)))
            for (int i = 0; i < 40; i++) stream.Write(line);
        // What the first texts bring once, such as buffers.
        Growth(model, folder.File("short.jsonl"));
        Assert.InRange(Growth(model, folder.File("long.jsonl")), 0, 12_000_000);
    }

    [Fact]
    public async Task Cancelling_ends_it()
    {
        using ColbertModel model = ColbertModel.Load(Tiny), other = ColbertModel.Load(Tiny, new() { DocumentLength = 30 });
        using var source = new CancellationTokenSource(300);
        Task run = Task.Run(
            () => ColbertReference.Compare(model, other, null, Enumerable.Repeat("some words", 100_000_000), cancellation: source.Token),
            TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(
            ChildProcess.Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_report_holds_the_answer_the_histograms_and_the_worst_texts_escaped()
    {
        using ColbertModel model = ColbertModel.Load(Tiny), other = ColbertModel.Load(Tiny, new() { Skiplist = [] });
        ColbertParity parity = ColbertReference.Compare(
            model, other, ["a <b> & c"], ["x, y <script>alert(1)</script>", "more, words"],
            cancellation: TestContext.Current.CancellationToken);
        string page = ParityReport.Write(parity);
        Assert.Contains("<h1>ColBERT parity: missed</h1>", page, StringComparison.Ordinal);
        Assert.Equal(2, page.Split("<svg").Length - 1);
        Assert.Contains("SkiplistKept", page, StringComparison.Ordinal);
        Assert.Contains("x, y &lt;script&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        System.Xml.Linq.XDocument.Parse(page[page.IndexOf(
            "<svg", StringComparison.Ordinal)..(page.IndexOf("</svg>", StringComparison.Ordinal) + 6)]);
    }

    private static long Growth(ColbertModel model, string reference)
    {
        var memory = new HeldMemory();
        long texts = 0;
        ColbertReference.Compare(model, reference, accept: _ =>
        {
            if (++texts % 250 == 0) memory.Look();
        });
        return memory.Growth;
    }

    /// <summary>What the model gives, with the first elements of each token vector turned away, or without the last token vector.</summary>
    private static void WriteLines(
        ColbertModel model, string path, int count, Func<int, TextKind> kind, Func<int, float>? turn = null, Func<int, bool>? lose = null)
    {
        using var stream = new MemoryStream();
        using var writer = new JsonLinesWriter(stream);
        for (int i = 0; i < count; i++)
        {
            string text = string.Concat(Enumerable.Repeat($"word {i} ", 1 + (i % 5)));
            ColbertEmbedding given = (kind(i) == TextKind.Query ? model.EncodeQueries([text]) : model.EncodeDocuments([text]))[0];
            float[] values = given.Values.ToArray();
            for (int row = 0; row < given.TokenCount; row++) values[row * given.Dimension] += turn?.Invoke(i) ?? 0;
            if (lose?.Invoke(i) == true) values = values[..^given.Dimension];
            writer.Write(new ColbertEmbedding(given.Kind, text, values, given.Dimension));
        }

        File.WriteAllBytes(path, stream.ToArray());
    }
}
