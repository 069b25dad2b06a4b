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
    /// <param name="minimumMeanCosine">Least mean of the cosines; null: 0.9999, and 0.99 where INT8 is on either side.</param>
    /// <param name="minimumCosine">Least cosine of any token vector; null: 0.9999, and 0.95 where INT8 is on either side.</param>
    /// <param name="target">The folder that it is about.</param>
    public ColbertException? Miss(double? minimumMeanCosine = null, double? minimumCosine = null, string? target = null)
    {
        double mean = minimumMeanCosine ?? CosineThresholds.Mean(IsQuantized),
            smallest = minimumCosine ?? CosineThresholds.Smallest(IsQuantized);
        if (MeanCosine >= mean && SmallestCosine >= smallest) return null;
        return new ColbertException(
            ColbertErrorId.ParityMissed,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The {(IsQuantized ? "INT8 graph" : "graph")}'s rows miss the reference's: cosine {MeanCosine:f5} in the mean and "
                    + $"{SmallestCosine:f5} at least, where {mean} and {smallest} are wanted."),
            target,
            "Use model.onnx, or set -MinimumMeanCosine and -MinimumCosine (--minimum-mean-cosine, --minimum-cosine) lower if that is "
                + "near enough.");
    }

    /// <summary>One line for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Tokens} tokens of {Texts} texts: cosine {MeanCosine:f5} in the mean, {SmallestCosine:f5} at least; largest difference "
            + $"{LargestDifference:g2}");
}
