namespace ColbertOnnx.Safetensors;

/// <summary>One tensor of a file: what the header says. <paramref name="Offset"/> counts from the start of the file.</summary>
internal sealed record SafetensorsTensor(
    string Name, SafetensorsType Type, string TypeName, IReadOnlyList<long> Shape, long Offset, long ByteCount)
{
    public long ElementCount { get; } = Shape.Aggregate(1L, (product, dimension) => checked(product * dimension));
}
