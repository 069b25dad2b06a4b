namespace ColbertOnnx.Quantization;

/// <summary>Values as signed bytes, symmetric: the largest becomes 127 or -127.</summary>
internal static class SymmetricScale
{
    public const int Largest = 127;

    /// <summary>The scale; 0 for a list of zeros.</summary>
    public static float Of(ReadOnlySpan<float> values)
    {
        float largest = 0;
        foreach (float value in values) largest = Math.Max(largest, Math.Abs(value));
        return largest / Largest;
    }

    public static sbyte Quantize(float value, float scale) =>
        scale == 0 ? (sbyte)0 : (sbyte)Math.Clamp(MathF.Round(value / scale), -Largest, Largest);
}
