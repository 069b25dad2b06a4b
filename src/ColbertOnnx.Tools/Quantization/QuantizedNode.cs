namespace ColbertOnnx.Quantization;

/// <summary>An operator that multiplies with a matrix or reads a table, and what became of it.</summary>
/// <param name="Name">The operator's name, or its result's where it has none.</param>
/// <param name="Operator">MatMul, Gemm or Gather.</param>
/// <param name="KeptBecause">Why it stays as it is; null when it is INT8 now.</param>
internal sealed record QuantizedNode(string Name, string Operator, string? KeptBecause)
{
    public bool IsQuantized => KeptBecause is null;
}
