using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Quantization;

/// <summary>A matrix that no input changes: an initializer, or one behind Transpose, Cast or Identity.</summary>
/// <param name="Tensor">Where its elements are.</param>
/// <param name="IsTransposed">It is stored transposed.</param>
internal sealed record ConstantMatrix(OnnxTensor Tensor, bool IsTransposed)
{
    // Operators between a matrix and its product. A broken graph may have them in a ring.
    private const int FarthestBehind = 16;

    public int Rows => (int)Tensor.Shape[IsTransposed ? 1 : 0];

    public int Columns => (int)Tensor.Shape[IsTransposed ? 0 : 1];

    /// <summary>The matrix of this name; null when it is computed, not of rank 2, or not of floats.</summary>
    public static ConstantMatrix? Find(
        OnnxModel model, IReadOnlyDictionary<string, NodeProto> producers, string name,
        bool transposed = false) => Find(model, producers, name, transposed, FarthestBehind);

    private static ConstantMatrix? Find(
        OnnxModel model, IReadOnlyDictionary<string, NodeProto> producers, string name, bool transposed, int behind)
    {
        if (model.Find(name) is { } tensor)
            return tensor.Shape.Count == 2 && Floats.CanRead(tensor.Type) ? new ConstantMatrix(tensor, transposed) : null;
        if (behind == 0 || !producers.TryGetValue(name, out NodeProto? node)) return null;
        if (node.Is("Identity") || (node.Is("Cast") && node.Integer("to", 0) == (long)OnnxElementType.Float))
            return Find(model, producers, node.Input[0], transposed, behind - 1);

        // Without a permutation Transpose reverses the dimensions.
        return node.Is("Transpose") && (node.Find("perm") is not { } order || order.Ints is [1, 0])
            ? Find(model, producers, node.Input[0], !transposed, behind - 1)
            : null;
    }
}
