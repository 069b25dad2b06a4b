namespace ColbertOnnx.Quantization;

/// <summary>Numbers as signed bytes around zero: the largest becomes 127 or -127.</summary>
internal static class SymmetricStep
{
    public const int Largest = 127;

    /// <summary>The step; 0 for a list of zeros.</summary>
    public static float Of(ReadOnlySpan<float> values)
    {
        float largest = 0;
        foreach (float value in values) largest = Math.Max(largest, Math.Abs(value));
        return largest / Largest;
    }

    public static sbyte Quantize(float value, float step) => step == 0 ? (sbyte)0 : (sbyte)Math.Clamp(MathF.Round(value / step), -Largest, Largest);
}
