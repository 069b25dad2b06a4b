namespace ColbertOnnx.Onnx;

/// <summary>An initializer: a named constant of a graph whose elements stay where they are until they are written.</summary>
internal sealed record OnnxTensor(string Name, OnnxElementType Type, IReadOnlyList<long> Shape, TensorData Data)
{
    public long ElementCount { get; } = Shape.Aggregate(1L, (product, dimension) => checked(product * dimension));

    public static OnnxTensor Of(string name, ReadOnlySpan<float> values, params long[] shape) =>
        new(name, OnnxElementType.Float, shape, MemoryTensorData.Of(values));

    public static OnnxTensor Of(string name, ReadOnlySpan<long> values, params long[] shape) =>
        new(name, OnnxElementType.Int64, shape, MemoryTensorData.Of(values));

    public static OnnxTensor Of(string name, ReadOnlySpan<sbyte> values, params long[] shape) =>
        new(name, OnnxElementType.Int8, shape, MemoryTensorData.Of(values));

    public static OnnxTensor Of(string name, ReadOnlySpan<byte> values, params long[] shape) =>
        new(name, OnnxElementType.UInt8, shape, MemoryTensorData.Of(values));
}
