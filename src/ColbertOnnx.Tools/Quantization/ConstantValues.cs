using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Quantization;

/// <summary>
/// Values that no input changes: constants, and what the main graph makes of them alone. ONNX Runtime computes them when it opens the
/// graph.
/// </summary>
internal static class ConstantValues
{
    public static HashSet<string> Of(OnnxModel model)
    {
        HashSet<string> values = [.. model.Initializers.Select(tensor => tensor.Name)];
        foreach (NodeProto node in model.Graph.Node)
        {
            if (!node.Branches().Any() && node.Input.All(input => input.Length == 0 || values.Contains(input)))
                values.UnionWith(node.Output);
        }

        return values;
    }
}
