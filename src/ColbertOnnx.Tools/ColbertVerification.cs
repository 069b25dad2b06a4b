using System.Globalization;

namespace ColbertOnnx;

/// <summary>Rows of one graph against those of another, over the same texts.</summary>
/// <param name="Texts">Queries and documents.</param>
/// <param name="Tokens">Rows that were compared.</param>
/// <param name="MeanCosine">Over all rows.</param>
/// <param name="SmallestCosine">Of the worst row.</param>
/// <param name="LargestDifference">Of one number.</param>
public sealed record ColbertVerification(int Texts, int Tokens, double MeanCosine, double SmallestCosine, double LargestDifference)
{
    /// <summary>An INT8 graph is on either side.</summary>
    public bool IsQuantized { get; init; }

    /// <summary>The error that says which threshold was missed; null where none was.</summary>
    /// <param name="options">The thresholds; those that are null are a comparison's (<c>ColbertParityOptions</c>).</param>
    /// <param name="target">The folder that it is about.</param>
    public ColbertException? Miss(ColbertExportOptions? options = null, string? target = null)
    {
        double mean = options?.MinimumMeanCosine ?? CosineThresholds.Mean(IsQuantized), smallest = options?.MinimumCosine ?? CosineThresholds.Smallest(IsQuantized);
        if (MeanCosine >= mean && SmallestCosine >= smallest) return null;
        return new ColbertException(
            ColbertErrorId.ParityMissed,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The {(IsQuantized ? "INT8 graph" : "graph")}'s rows miss the reference's: cosine {MeanCosine:f5} in the mean and {SmallestCosine:f5} at least, where {mean} and {smallest} are wanted."),
            target,
            "Use model.onnx, or set -MinimumMeanCosine and -MinimumCosine (--minimum-mean-cosine, --minimum-cosine) lower if that is near enough.");
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Tokens} tokens of {Texts} texts: cosine {MeanCosine:f5} in the mean, {SmallestCosine:f5} at least; largest difference {LargestDifference:g2}");
}
