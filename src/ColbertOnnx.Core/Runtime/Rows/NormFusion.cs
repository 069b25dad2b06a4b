using ColbertOnnx.Native.Operators;
using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Runtime.Rows;

/// <summary>
/// ScaleRows, LayerNormalization and QuantizeRows become one operator, which gives the norm's bytes and one of both: the norm itself, where
/// later rows are added to it (post-norm), or the sum (pre-norm). Where both are read elsewhere they stay three.
/// </summary>
internal static class NormFusion
{
    // What LayerNormalization takes where it does not say.
    private const float UsualEpsilon = 1e-5f;

    public static void Apply(OnnxModel model)
    {
        GraphProto graph = model.Graph;
        var index = new GraphIndex(graph);
        var own = new HashSet<NodeProto>(graph.Node, ReferenceEqualityComparer.Instance);
        foreach (NodeProto quantize in graph.SymmetricRows())
        {
            if (index.Producer(quantize.Input[0]) is not { } norm || !own.Contains(norm) || !IsNorm(norm)) continue;
            if (index.Producer(norm.Input[0]) is not { } scale || !own.Contains(scale) || !scale.IsOwn(RowOperators.ScaleRows))
                continue;
            bool isSumRead = !index.IsOnlyReadBy(scale.Output[0], norm), isNormRead = !index.IsOnlyReadBy(norm.Output[0], quantize);
            if (isSumRead && isNormRead) continue;

            // In the place of the first: its inputs are there, and what it gives is read by none before the last.
            string[] inputs =
            [
                .. scale.Input.Take(2), norm.Input[1], .. Enumerable.Range(2, 3).Select(i => scale.Input.ElementAtOrDefault(i) ?? ""),
                norm.Input.ElementAtOrDefault(2) ?? "",
            ];
            string kept = isSumRead ? scale.Output[0] : norm.Output[0];
            scale.OpType = RowOperators.NormRows;
            scale.Input.Clear();
            scale.Input.Add(inputs.Take(Array.FindLastIndex(inputs, input => input.Length > 0) + 1));
            scale.Output.Clear();
            scale.Output.Add([.. quantize.Output, kept]);
            scale.Attribute.Add(quantize.Attribute);
            scale.Attribute.Add(OnnxAttributes.Of(RowOperators.Epsilon, norm.Single("epsilon", UsualEpsilon)));
            scale.Attribute.Add(OnnxAttributes.Of(RowOperators.KeepsNorm, isSumRead ? 0 : 1));
            index.Gone.UnionWith([norm, quantize]);
        }

        index.Remove();

        // Of rows, with constants for each of their elements; the mean and the deviation are not asked for.
        bool IsNorm(NodeProto node) =>
            node.Is("LayerNormalization") && node.Integer("axis", -1) == -1 && node.Output.Count(name => name.Length > 0) == 1
                && model.Find(node.Input[1]) is { Type: OnnxElementType.Float, Shape: [_] }
                && (node.Input.Count < 3 || node.Input[2].Length == 0
                || model.Find(node.Input[2]) is { Type: OnnxElementType.Float, Shape: [_] });
    }
}
