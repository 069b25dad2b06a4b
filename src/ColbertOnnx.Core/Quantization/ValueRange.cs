using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Quantization;

/// <summary>
/// Where the numbers of a value may lie. An activation function that never goes far below zero leaves nearly all 255 steps to the
/// numbers above it, and its smallest number need not be looked for.
/// </summary>
/// <param name="Lowest">No number is below minus this; null: not known, and zero is in the middle.</param>
/// <param name="ZeroPoint">The byte that stands for zero.</param>
internal sealed record ValueRange(float? Lowest, byte ZeroPoint)
{
    public static readonly ValueRange Symmetric = new(null, 128);

    // The smallest number of x·Φ(x) is -0.16997, of its approximation by tanh -0.17004. 40 steps below zero: as fine as the
    // symmetric way when a row's largest number is 0.54, and twice as fine when it is 3.
    private static readonly ValueRange Gelu = new(0.1701f, 40);

    private static readonly ValueRange Positive = new(0, 0);

    public static ValueRange Of(string value, IReadOnlyDictionary<string, NodeProto> producers)
    {
        if (!producers.TryGetValue(value, out NodeProto? node)) return Symmetric;
        return node.OpType switch
        {
            "Gelu" or "FastGelu" or "BiasGelu" => Gelu,
            "Relu" or "Sigmoid" or "Softmax" => Positive,
            "Reshape" or "Identity" or "Dropout" => Of(node.Input[0], producers),
            _ => Symmetric,
        };
    }
}
