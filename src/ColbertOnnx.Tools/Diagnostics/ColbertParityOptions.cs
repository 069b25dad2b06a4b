namespace ColbertOnnx.Diagnostics;

/// <summary>
/// When a comparison with reference vectors passes. What is null is decided by the weights: float32, or INT8 in the model or the reference.
/// </summary>
public sealed record ColbertParityOptions
{
    /// <summary>
    /// Least cosine that any token vector may have with the reference's. Default: 0.9999 for float32, 0.95 for INT8.
    /// </summary>
    public double? MinimumCosine { get; init; }

    /// <summary>Least mean of the cosines of a text's token vectors. Default: 0.9999 for float32, 0.99 for INT8.</summary>
    public double? MinimumMeanCosine { get; init; }

    /// <summary>Largest difference that any single element may have. Default: 1e-4 for float32, 0.15 for INT8.</summary>
    public double? Tolerance { get; init; }

    /// <summary>How many of the worst texts the summary holds. Default: 10.</summary>
    public int Worst { get; init; } = 10;

    /// <summary>The same with its defaults filled in.</summary>
    internal ColbertParityOptions For(bool isQuantized) => this with
    {
        MinimumCosine = MinimumCosine ?? CosineThresholds.Smallest(isQuantized),
        MinimumMeanCosine = MinimumMeanCosine ?? CosineThresholds.Mean(isQuantized),
        Tolerance = Tolerance ?? (isQuantized ? 0.15 : 1e-4),
    };

    /// <summary>The thresholds that these values miss, and the values; empty where they miss none.</summary>
    internal string MissedBy(double smallestCosine, double meanCosine, double largestDifference)
    {
        List<string> missed = [];
        // NaN is near to nothing.
        if (!(smallestCosine >= MinimumCosine))
            missed.Add(FormattableString.Invariant($"smallest cosine {smallestCosine:0.0000###} is below {MinimumCosine}"));
        if (!(meanCosine >= MinimumMeanCosine))
            missed.Add(FormattableString.Invariant($"mean cosine {meanCosine:0.0000###} is below {MinimumMeanCosine}"));
        if (!(largestDifference <= Tolerance))
            missed.Add(FormattableString.Invariant($"largest difference {largestDifference:0.0##e+0} is above {Tolerance:0.###e+0}"));
        return string.Join(", ", missed);
    }
}
