namespace ColbertOnnx.Native.Operators;

/// <summary>How rows become bytes.</summary>
/// <param name="IsTwoSided">The largest magnitude of a row counts, else its largest number.</param>
/// <param name="Factor">Scale = largest value x Factor.</param>
/// <param name="SmallestStep">No step is smaller.</param>
/// <param name="Zero">Zero point: the quantized value of 0.</param>
internal readonly record struct RowQuantization(bool IsTwoSided, float Factor, float SmallestStep, byte Zero)
{
    public float StepOf(float largest) => Math.Max(largest * Factor, SmallestStep);
}
