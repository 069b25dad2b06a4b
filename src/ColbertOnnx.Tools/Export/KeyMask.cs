using ColbertOnnx.Onnx;

namespace ColbertOnnx.Export;

/// <summary>
/// Which keys a layer's queries may attend to, computed once for all layers of a kind. Adding a mask costs as much as a tenth of the
/// attention itself, and leaving out one that hides nothing changes no bit: so it is only there <paramref name="When"/> needed.
/// </summary>
/// <param name="When">bool: the mask hides something; null: always.</param>
/// <param name="Mask">[batch or 1, heads or 1, length, length]: bool (true may be seen), or float values to add.</param>
/// <param name="Visible">
/// bool [batch, length, 1]: queries that see any key at all; null when all do. PyTorch gives the others zeros, and so does ONNX Runtime
/// 1.30; the standard leaves them open.
/// </param>
internal sealed record KeyMask(string? When, string Mask, string? Visible = null)
{
    /// <summary>A bool mask that is computed only when it is needed.</summary>
    public static KeyMask Where(GraphBuilder graph, string when, Func<string> mask, Func<string, string>? visible = null)
    {
        string made = graph.If(when, OnnxElementType.Bool, 4, mask, () => Nothing(graph, 4));
        return new(
            when, made, visible is null ? null : graph.If(when, OnnxElementType.Bool, 3, () => visible(made), () => Nothing(graph, 3)));
    }

    /// <summary>For queries that see no later key (the operator's own is_causal): with padding in front, some see none at all.</summary>
    public static KeyMask Causal(GraphBuilder graph, TokenInputs inputs)
    {
        string seen = graph.If(
            inputs.IsPadded,
            OnnxElementType.Bool,
            3,
            () => graph.Node(
                "Unsqueeze",
                [graph.Node("Greater", [graph.Node("CumSum", [TokenInputs.Mask, graph.Scalar(1)]), graph.Scalar(0)]), graph.Constant(2)]),
            () => Nothing(graph, 3));
        return inputs.Padding with { Visible = seen };
    }

    /// <summary>Queries with at least one key, of a bool mask with one head.</summary>
    public static string AnyKey(GraphBuilder graph, string mask)
    {
        string count = graph.Node(
            "ReduceMax", [graph.Node("Cast", [mask], ("to", (long)OnnxElementType.Int32)), graph.Constant(-1)], ("keepdims", 1));
        return graph.Node("Cast", [graph.Node("Squeeze", [count, graph.Constant(1)])], ("to", (long)OnnxElementType.Bool));
    }

    private static string Nothing(GraphBuilder graph, int rank) =>
        graph.Constant(
            $"nothing.{rank}",
            name => new OnnxTensor(name, OnnxElementType.Bool, [.. Enumerable.Repeat(1L, rank)], new MemoryTensorData([1])));
}
