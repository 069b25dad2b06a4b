using System.Collections.Frozen;
using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Onnx;

/// <summary>
/// The form of a graph, checked once where it is read: later code then finds the inputs and outputs that it counts on. What an
/// operator may do with them is for ONNX Runtime to say.
/// </summary>
internal static class GraphCheck
{
    // The least inputs of operators of ONNX and ONNX Runtime, in every version of theirs; all others one need not have.
    private static readonly FrozenDictionary<string, int> LeastInputs = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["Abs"] = 1,
        ["Add"] = 2,
        ["Attention"] = 1,
        ["BiasGelu"] = 2,
        ["Cast"] = 1,
        ["Clip"] = 1,
        ["Concat"] = 1,
        ["DequantizeLinear"] = 2,
        ["Div"] = 2,
        ["Dropout"] = 1,
        ["DynamicQuantizeLinear"] = 1,
        ["Elu"] = 1,
        ["Erf"] = 1,
        ["FastGelu"] = 1,
        ["Gather"] = 2,
        ["Gelu"] = 1,
        ["Gemm"] = 2,
        ["Identity"] = 1,
        ["If"] = 1,
        ["LayerNormalization"] = 2,
        ["LeakyRelu"] = 1,
        ["MatMul"] = 2,
        ["MatMulIntegerToFloat"] = 4,
        ["Max"] = 1,
        ["Min"] = 1,
        ["Mul"] = 2,
        ["MultiHeadAttention"] = 1,
        ["Neg"] = 1,
        ["Pad"] = 1,
        ["Pow"] = 2,
        ["QuantizeLinear"] = 2,
        ["RMSNormalization"] = 2,
        ["Reciprocal"] = 1,
        ["Relu"] = 1,
        ["Reshape"] = 1,
        ["RotaryEmbedding"] = 1,
        ["Sigmoid"] = 1,
        ["SimplifiedLayerNormalization"] = 2,
        ["Slice"] = 1,
        ["Softmax"] = 1,
        ["Softplus"] = 1,
        ["Split"] = 1,
        ["Sqrt"] = 1,
        ["Sub"] = 2,
        ["Tanh"] = 1,
        ["Transpose"] = 1,
        ["Where"] = 3,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ModelInvalid"/>.</exception>
    public static void Run(ModelProto model, string path)
    {
        Run(model.Graph, path, depth: 0);
        foreach (FunctionProto function in model.Functions) Run(function.Node, path, depth: 0);
        if (model.Functions.Count > 0) FunctionCheck.Run(model, path);
    }

    private static void Run(GraphProto graph, string path, int depth)
    {
        if (depth > Limits.DeepestBranches)
            throw OnnxReader.Invalid(
                path,
                FormattableString.Invariant($"its graphs lie more than {Limits.DeepestBranches} deep in each other (DeepestBranches)"));
        foreach (TensorProto tensor in graph.Initializer) TensorHeader.Check(tensor, path);
        Run(graph.Node, path, depth);
    }

    private static void Run(IEnumerable<NodeProto> nodes, string path, int depth)
    {
        foreach (NodeProto node in nodes)
        {
            Check(node, path);
            foreach (AttributeProto attribute in node.Attribute)
            {
                if (attribute.T is { } tensor) TensorHeader.Check(tensor, path);
                if (attribute.G is { } branch) Run(branch, path, depth + 1);
            }
        }
    }

    private static void Check(NodeProto node, string path)
    {
        if (node.Output.Count == 0) throw OnnxReader.Invalid(path, $"its operator {node.OpType} '{node.Name}' has no output");
        int least = node.Domain is not ("" or "ai.onnx" or OnnxNames.Microsoft) ? 0
            : node.OpType.StartsWith("Reduce", StringComparison.Ordinal) ? 1
            : LeastInputs.GetValueOrDefault(node.OpType);
        if (node.Input.Count < least)
            throw OnnxReader.Invalid(
                path,
                FormattableString.Invariant(
                    $"its operator {node.OpType} '{node.Output[0]}' has {node.Input.Count} inputs, and needs {least}"));
    }
}
