namespace ColbertOnnx.Native.Operators;

/// <summary>How rows become bytes.</summary>
/// <param name="IsSymmetric">The largest magnitude of a row counts, else its largest value.</param>
/// <param name="Factor">Scale = largest value x Factor.</param>
/// <param name="SmallestScale">No scale is smaller.</param>
/// <param name="ZeroPoint">The quantized value of 0.</param>
/// <param name="HasOwnZeroPoint">Each row has a zero point of its own, and the rest does not count.</param>
internal readonly record struct RowQuantization(
    bool IsSymmetric, float Factor, float SmallestScale, byte ZeroPoint, bool HasOwnZeroPoint = false)
{
    /// <summary>Values of a row in the operators' second output: the scale, and the shift of a row with a zero point of its own.</summary>
    public int ScaleColumns => HasOwnZeroPoint ? 2 : 1;

    public float ScaleOf(float largest) => Math.Max(largest * Factor, SmallestScale);
}
