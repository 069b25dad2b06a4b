using ColbertOnnx.Native.Operators;
using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Runtime.Rows;

/// <summary>
/// A gated linear unit, of what <see cref="RowFusion"/> made: two ScaleRows, Gelu, Mul and QuantizeRows become one operator.
/// </summary>
internal static class GateFusion
{
    public static void Apply(OnnxModel model)
    {
        GraphProto graph = model.Graph;
        var index = new GraphIndex(graph);
        foreach (NodeProto quantize in graph.Node.Where(node =>
            node.OpType == RowOperators.QuantizeRows && node.Integer(RowOperators.Symmetric, 0) == 1))
        {
            if (index.Producer(quantize.Input[0]) is not { } product || !product.Is("Mul") || !index.IsOnlyReadBy(product, quantize))
                continue;
            if ((Find(product, 0) ?? Find(product, 1)) is not var (gelu, gate, other)) continue;
            quantize.OpType = RowOperators.GateRows;
            quantize.Input.Clear();
            quantize.Input.Add([gate.Input[0], other.Input[0], gate.Input[1]]);
            string bias = gate.Input.ElementAtOrDefault(2) ?? "", others = other.Input.ElementAtOrDefault(2) ?? "";
            if (bias.Length + others.Length > 0) quantize.Input.Add(bias);
            if (others.Length > 0) quantize.Input.Add(others);
            index.Gone.UnionWith([product, gelu, gate, other]);
        }

        index.Remove();

        Unit? Find(NodeProto product, int input) =>
            index.Producer(product.Input[input]) is { } gelu && IsGelu(gelu) && index.IsOnlyReadBy(gelu, product)
            && Scaled(gelu.Input[0], gelu) is { } gate && Scaled(product.Input[1 - input], product) is { } other
            && gate.Input[1] == other.Input[1] && !ReferenceEquals(gate, other)
                ? new Unit(gelu, gate, other)
                : null;

        // Of one row of products, without others that are added.
        NodeProto? Scaled(string value, NodeProto reader) =>
            index.Producer(value) is { } node && node.IsOwn(RowOperators.ScaleRows) && node.Input.Count <= 3
                && index.IsOnlyReadBy(node, reader) ? node : null;
    }

    // By tanh or exact: ours is within 0.0005 of either, as the library's by tanh is of the exact one.
    private static bool IsGelu(NodeProto node) =>
        node.Is("Gelu") || node is { OpType: "Gelu" or "FastGelu", Domain: OnnxNames.Microsoft, Input.Count: 1 };

    private sealed record Unit(NodeProto Gelu, NodeProto Gate, NodeProto Other);
}
