using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Quantization;

/// <summary>
/// GELU by tanh, bias included, where the result only becomes bytes: it is within 0.0005 of the exact one, a small part of the scale, and
/// ONNX Runtime computes it in one operator that is faster than the bias and the exact function.
/// </summary>
internal static class CoarseGelu
{
    public static void Apply(OnnxModel model)
    {
        Apply(model, model.Graph, model.Graph.Readers());
    }

    private static void Apply(OnnxModel model, GraphProto graph, ILookup<string, NodeProto> readers)
    {
        foreach (NodeProto node in graph.Node.ToArray())
        {
            foreach (GraphProto branch in node.Branches()) Apply(model, branch, readers);
            if (!node.Is("Gelu") || !OnlyBecomesBytes(graph, node.Output[0], readers)) continue;
            (node.OpType, node.Domain) = ("FastGelu", OnnxNames.Microsoft);
            node.Attribute.Clear();
            if (graph.Node.FirstOrDefault(other => other.Output.Contains(node.Input[0])) is not { } sum || !sum.Is("Add")
                || readers[node.Input[0]].Count() > 1)
                continue;

            // The operator adds its second input to every row; in the graph the bias may be either input of Add.
            int bias = IsList(model, sum.Input[1]) ? 1 : 0;
            if (!IsList(model, sum.Input[bias])) continue;
            node.Input[0] = sum.Input[1 - bias];
            node.Input.Add(sum.Input[bias]);
            graph.Node.Remove(sum);
        }
    }

    private static bool OnlyBecomesBytes(GraphProto graph, string value, ILookup<string, NodeProto> readers) =>
        graph.Output.All(output => output.Name != value) && readers[value].Any(reader => reader.OpType == "QuantizeLinear")
        && readers[value].All(reader => reader.OpType is "QuantizeLinear" or "ReduceMax");

    private static bool IsList(OnnxModel model, string name) => model.Find(name) is { Shape.Count: 1 };
}
