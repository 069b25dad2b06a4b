using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Quantization;

/// <summary>
/// The rank of values, as far as the graph says it or the operators between say it. What is not known is null: it costs
/// a reshape, never a wrong result.
/// </summary>
internal sealed class Ranks
{
    private readonly OnnxModel model;
    private readonly Dictionary<string, int> known = new(StringComparer.Ordinal);

    public Ranks(OnnxModel model)
    {
        this.model = model;
        foreach (OnnxTensor tensor in model.Initializers) known[tensor.Name] = tensor.Shape.Count;
        Visit(model.Graph);
    }

    public int? Of(string value) => known.TryGetValue(value, out int rank) ? rank : null;

    private void Visit(GraphProto graph)
    {
        foreach (TensorProto tensor in graph.Initializer) known[tensor.Name] = tensor.Dims.Count;
        foreach (ValueInfoProto value in graph.Input.Concat(graph.ValueInfo).Concat(graph.Output))
        {
            if (value.Type?.TensorType?.Shape is { } shape) known.TryAdd(value.Name, shape.Dim.Count);
        }

        foreach (NodeProto node in graph.Node)
        {
            foreach (GraphProto branch in node.Branches()) Visit(branch);
            if (Infer(node) is not { } rank) continue;
            foreach (string output in node.Output) known.TryAdd(output, rank);
        }
    }

    private int? Infer(NodeProto node) => node.Domain is not ("" or "ai.onnx" or OnnxNames.Microsoft) ? null : node.OpType switch
    {
        "LayerNormalization" or "SimplifiedLayerNormalization" or "RMSNormalization" or "Gelu" or "FastGelu" or "Relu" or "LeakyRelu"
            or "Elu" or "Softplus" or "Sigmoid" or "Tanh" or "Erf"
            or "Softmax" or "Identity" or "Cast" or "Neg" or "Abs" or "Sqrt" or "Reciprocal" or "Dropout" or "Clip" or "Split" or "Slice"
            or "Pad" or "Concat"
            or "Transpose" or "Attention" or "RotaryEmbedding" or "MultiHeadAttention" => Of(node.Input[0]),
        "Add" or "Sub" or "Mul" or "Div" or "Pow" or "Max" or "Min" or "Where" => Widest(node),
        "MatMul" => Of(node.Input[0]) is { } a && Of(node.Input[1]) is { } b && a >= 2 && b >= 2 ? Math.Max(a, b) : null,
        "Gemm" => 2,
        "Reshape" when node.Input.Count > 1 => model.Find(node.Input[1]) is { Shape: [var dimensions] } ? (int)dimensions : null,
        "Gather" => Of(node.Input[0]) + Of(node.Input[1]) - 1,
        "If" => node.Branches().FirstOrDefault() is { Output: [var only] } ? Of(only.Name) : null,
        _ => node.OpType.StartsWith("Reduce", StringComparison.Ordinal) && node.Integer("keepdims", 1) == 1 ? Of(node.Input[0]) : null,
    };

    private int? Widest(NodeProto node)
    {
        int widest = 0;
        foreach (string input in node.Input)
        {
            if (Of(input) is not { } rank) return null;
            widest = Math.Max(widest, rank);
        }

        return widest;
    }
}
