namespace ColbertOnnx.Quantization;

/// <summary>What quantizing an exported folder made.</summary>
/// <param name="Source">Full path of the FP32 graph.</param>
/// <param name="Target">Full path of the INT8 graph.</param>
/// <param name="SourceBytes">Size of the FP32 graph with its data file.</param>
/// <param name="TargetBytes">Size of the INT8 graph with its data file.</param>
/// <param name="Report">What became INT8, and what did not and why.</param>
internal sealed record QuantizedFolder(string Source, string Target, long SourceBytes, long TargetBytes, QuantizationReport Report);
