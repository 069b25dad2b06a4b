namespace ColbertOnnx.Native.Operators;

/// <summary>How rows become bytes.</summary>
/// <param name="IsTwoSided">The largest magnitude of a row counts, else its largest number.</param>
/// <param name="Factor">Scale = largest value x Factor.</param>
/// <param name="SmallestStep">No step is smaller.</param>
/// <param name="Zero">Zero point: the quantized value of 0.</param>
/// <param name="HasOwnZero">Each row has a zero point of its own, and the rest does not count.</param>
internal readonly record struct RowQuantization(bool IsTwoSided, float Factor, float SmallestStep, byte Zero, bool HasOwnZero = false)
{
    /// <summary>Numbers of a row in the operators' second output: the step, and the shift of a row with a zero point of its own.</summary>
    public int StepColumns => HasOwnZero ? 2 : 1;

    public float StepOf(float largest) => Math.Max(largest * Factor, SmallestStep);
}
