namespace ColbertOnnx.Native.Operators;

/// <summary>
/// How a row with a zero point of its own became bytes: value = (byte - Zero) x Step, over all 256 bytes, where around 128 the side with
/// the smaller numbers leaves most of its half unused.
/// </summary>
/// <param name="Step">Below 0 where the row is turned over, so that its longer side is above zero: products of bytes near 255 may saturate
/// on CPUs without VNNI, and few are near it then.</param>
/// <param name="Zero">At most 128.</param>
internal readonly record struct RowSteps(float Step, byte Zero)
{
    /// <summary>The matrix product is of bytes less 128. It lacks this times the sums of the matrix's columns.</summary>
    public float Shift => Step * (128 - Zero);

    /// <summary>As the operators hand them on.</summary>
    public void Store(Span<float> steps)
    {
        steps[0] = Step;
        if (steps.Length > 1) steps[1] = Shift;
    }

    /// <param name="smallest">At most 0.</param>
    /// <param name="largest">At least 0.</param>
    public static RowSteps Of(float smallest, float largest)
    {
        // Two quotients: the distance itself may be beyond what a float holds.
        float step = (largest / byte.MaxValue) - (smallest / byte.MaxValue);
        if (!float.IsFinite(step) || step == 0) return new RowSteps(step, 0);
        bool isTurned = -smallest > largest;
        float below = isTurned ? largest : -smallest;
        return new RowSteps(isTurned ? -step : step, (byte)MathF.Round(Math.Min(below / step, 128)));
    }
}
