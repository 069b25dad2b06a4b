namespace ColbertOnnx.Native;

/// <summary>An input or output of a graph. Open dimensions are -1.</summary>
internal sealed record OrtTensorInfo(string Name, OrtElementType ElementType, long[] Dimensions);
