using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Quantization;

/// <summary>
/// The range of a value. An activation function that never goes far below zero leaves nearly all 255 codes to the
/// values above it, and its smallest value need not be looked for.
/// </summary>
/// <param name="Lowest">No value is below minus this; null: not known, and the scale is symmetric.</param>
/// <param name="ZeroPoint">The byte that stands for zero.</param>
internal sealed record ValueRange(float? Lowest, byte ZeroPoint)
{
    private const int FarthestBehind = 64;

    public static readonly ValueRange Symmetric = new(null, 128);

    // The smallest value of x·Φ(x) is -0.16997, of its approximation by tanh -0.17004. 40 codes below zero: as fine as the
    // symmetric way when a row's largest value is 0.54, and twice as fine when it is 3.
    private static readonly ValueRange Gelu = new(0.1701f, 40);

    private static readonly ValueRange Positive = new(0, 0);

    public static ValueRange Of(string value, IReadOnlyDictionary<string, NodeProto> producers)
    {
        // A broken graph may have operators in a ring.
        for (int behind = 0; behind < FarthestBehind && producers.TryGetValue(value, out NodeProto? node); behind++)
        {
            switch (node.OpType)
            {
                case "Gelu" or "FastGelu" or "BiasGelu": return Gelu;
                case "Relu" or "Sigmoid" or "Softmax": return Positive;
                case "Reshape" or "Identity" or "Dropout" when node.Input.Count > 0: value = node.Input[0]; break;
                default: return Symmetric;
            }
        }

        return Symmetric;
    }
}
