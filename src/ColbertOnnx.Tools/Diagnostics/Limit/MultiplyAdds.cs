namespace ColbertOnnx.Diagnostics.Limit;

/// <summary>Multiply-adds by the type of their factors.</summary>
/// <param name="Int8">Of bytes.</param>
/// <param name="Float">Of float32, and of float16, which a CPU multiplies as float32.</param>
internal readonly record struct MultiplyAdds(double Int8, double Float)
{
    public static MultiplyAdds operator +(MultiplyAdds left, MultiplyAdds right) => new(left.Int8 + right.Int8, left.Float + right.Float);

    public static MultiplyAdds operator *(MultiplyAdds left, double factor) => new(left.Int8 * factor, left.Float * factor);

    /// <summary>Seconds that they take at these peaks.</summary>
    public double SecondsAt(CpuPeak peak) => (Int8 > 0 ? Int8 / peak.Int8 : 0) + (Float > 0 ? Float / peak.Float : 0);
}
