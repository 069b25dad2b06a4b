namespace ColbertOnnx.Onnx;

/// <summary>Names in graphs that those who write them and those who open them share.</summary>
internal static class OnnxNames
{
    /// <summary>Domain of ONNX Runtime's own operators.</summary>
    public const string Microsoft = "com.microsoft";

    /// <summary>Key of the graph's metadata that says how it is quantized.</summary>
    public const string Quantization = "colbert.quantization";

    /// <summary>Under <see cref="Quantization"/>: INT8, with a scale for each token.</summary>
    public const string PerToken = "int8 per token";
}
