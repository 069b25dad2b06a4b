using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Tests.Onnx;

/// <summary>Every family's graph, in every form that is written, before a checker that is not ours.</summary>
public sealed class OnnxCheckerTests(ITestOutputHelper output) : IDisposable
{
    // What only the script's own table or nobody knows: a longer list means that less is checked.
    private static readonly string[] Aside =
    [
        "Attention", "Gelu", "com.microsoft.FastGelu", "com.microsoft.MatMulIntegerToFloat", "com.microsoft.MultiHeadAttention",
        "com.microsoft.RotaryEmbedding",
    ];

    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Every_family_s_graph_is_valid_in_every_form()
    {
        Assert.SkipWhen(OnnxChecker.Missing is not null, OnnxChecker.Missing ?? "");
        string[] names =
        [
            "albert-base", "albert-groups", "bert-base", "bert-dense-residual-other", "bert-dense-two", "deberta-v2-conv",
            "deberta-v3-base", "distilbert-base",
            "electra-base", "eurobert-base", "lfm2-base", "modernbert-base", "modernbert-wide", "mpnet-base", "qwen3-base", "roberta-base",
            "xlmr-base",
        ];
        foreach (string name in names)
        {
            Export(name, name, new ColbertExportOptions { Quantize = true });
            Export(name, name + "-half", new ColbertExportOptions { HalfPrecision = true });
        }

        string[] graphs = [.. Directory.EnumerateFiles(folder.Path, "*.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        Assert.Equal(3 * names.Length, graphs.Length);
        var (exit, lines) = OnnxChecker.Check(graphs);
        foreach (string line in lines) output.WriteLine(line);
        Assert.Equal(0, exit);
        Assert.Equal(graphs.Select(graph => graph + ": valid"), lines.Select(line => line.Split(';')[0]));
        Assert.Equal(
            Aside,
            lines.SelectMany(line => line.Split("; ")[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)).Distinct()
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_wrong_in_a_graph_is_found()
    {
        Assert.SkipWhen(OnnxChecker.Missing is not null, OnnxChecker.Missing ?? "");
        Export("bert-base", "sound", new ColbertExportOptions());
        Refused("order", graph =>
        {
            NodeProto last = graph.Node[^1];
            graph.Node.RemoveAt(graph.Node.Count - 1);
            graph.Node.Insert(0, last);
        });
        Refused("a name that nobody gives", graph => graph.Node[^1].Input[0] = "nobody");
        Refused("the same name twice", graph => graph.Node[^1].Output[0] = graph.Node[0].Output[0]);
        Refused("an attribute that is none", graph => First(graph, "LayerNormalization").Attribute[0].Name = "epsilom");
        Refused(
            "an attribute that a newer operator does not have",
            graph => First(graph, "Gelu").Attribute.Add(new AttributeProto
            {
                Name = "exact",
                Type = AttributeProto.Types.AttributeType.Int,
                I = 1,
            }));
        Refused("one input too few for a newer operator", graph =>
        {
            NodeProto attention = First(graph, "Attention");
            while (attention.Input.Count > 2) attention.Input.RemoveAt(attention.Input.Count - 1);
        });
        Refused("an operator that there is not", graph => First(graph, "Gelu").OpType = "Jelu");
        Refused("another type than the operator takes", graph => First(graph, "LayerNormalization").Input[0] = "input_ids");
        Refused(
            "another type behind a newer operator",
            graph => graph.Node.First(node => node.Input.Contains(First(graph, "Gelu").Output[0])).Input[1] = "input_ids");
    }

    public void Dispose() => folder.Dispose();

    private void Refused(string what, Action<GraphProto> damage)
    {
        OnnxModel model = OnnxReader.Read(folder.File("sound/model.onnx"));
        damage(model.Graph);
        string graph = folder.File("damaged.onnx");
        OnnxWriter.Write(model, graph);
        var (exit, lines) = OnnxChecker.Check(graph);
        output.WriteLine($"{what}: {lines[0]}");
        Assert.Equal(1, exit);
        Assert.StartsWith($"{graph}: refused; ", Assert.Single(lines), StringComparison.Ordinal);
    }

    private void Export(string name, string target, ColbertExportOptions options) =>
        ColbertExporter.Export(
            CheckpointFolder.Of(name), folder.File(target), options with { Verify = false },
            cancellation: TestContext.Current.CancellationToken);

    private static NodeProto First(GraphProto graph, string op) => All(graph).First(node => node.OpType == op);

    private static IEnumerable<NodeProto> All(GraphProto graph) =>
        graph.Node.SelectMany(node =>
            node.Attribute.Where(attribute => attribute.G is not null).SelectMany(attribute => All(attribute.G)).Prepend(node));
}
