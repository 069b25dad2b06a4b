namespace ColbertOnnx.Native.Operators;

/// <summary>
/// How a row with a zero point of its own became bytes: value = (byte - ZeroPoint) x Scale, over all 256 bytes. With 128 as the zero point,
/// values of one sign that are all small would leave most of their half unused.
/// </summary>
/// <param name="Scale">Below 0 where the row is negated, so that its longer range is above zero: products of bytes near 255 may saturate
/// on CPUs without VNNI, and few are near it then.</param>
/// <param name="ZeroPoint">At most 128.</param>
internal readonly record struct RowScale(float Scale, byte ZeroPoint)
{
    /// <summary>The matrix product is of bytes less 128. It lacks this times the sums of the matrix's columns.</summary>
    public float Shift => Scale * (128 - ZeroPoint);

    /// <summary>As the operators hand them on.</summary>
    public void Store(Span<float> scales)
    {
        scales[0] = Scale;
        if (scales.Length > 1) scales[1] = Shift;
    }

    /// <param name="smallest">At most 0.</param>
    /// <param name="largest">At least 0.</param>
    public static RowScale Of(float smallest, float largest)
    {
        // Two quotients: the distance itself may be beyond what a float holds.
        float scale = (largest / byte.MaxValue) - (smallest / byte.MaxValue);
        if (!float.IsFinite(scale) || scale == 0) return new RowScale(scale, 0);
        bool isTurned = -smallest > largest;
        float below = isTurned ? largest : -smallest;
        return new RowScale(isTurned ? -scale : scale, (byte)MathF.Round(Math.Min(below / scale, 128)));
    }
}
