namespace ColbertOnnx.Diagnostics;

/// <summary>Percentiles from counts on a logarithmic scale (6 % wide), so that their memory does not grow with the texts.</summary>
public readonly record struct ColbertParityPercentiles(double P50, double P90, double P99, double P999)
{
    /// <summary>One line for people.</summary>
    public override string ToString() => FormattableString.Invariant($"{P50:0.######} / {P90:0.######} / {P99:0.######} / {P999:0.######}");
}
