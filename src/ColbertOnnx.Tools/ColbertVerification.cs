using System.Globalization;

namespace ColbertOnnx;

/// <summary>Token vectors of one graph against those of another, over the same texts.</summary>
/// <param name="Texts">Queries and documents.</param>
/// <param name="Tokens">Token vectors that were compared.</param>
/// <param name="MeanCosine">Over all of them.</param>
/// <param name="SmallestCosine">Of the worst one.</param>
/// <param name="LargestDifference">Of a single element.</param>
public sealed record ColbertVerification(int Texts, int Tokens, double MeanCosine, double SmallestCosine, double LargestDifference)
{
    /// <summary>Either graph is INT8.</summary>
    public bool IsQuantized { get; init; }

    /// <summary>The error that says which threshold was missed; null where none was.</summary>
    /// <param name="minimumMeanCosine">Least mean of the cosines; null: 0.9999, and 0.99 where either is INT8.</param>
    /// <param name="minimumCosine">Least cosine of any token vector; null: 0.9999, and 0.95 where either is INT8.</param>
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
                $"The {(IsQuantized ? "INT8 graph" : "graph")}'s vectors miss the reference's: cosine {MeanCosine:f5} in the mean and "
                    + $"{SmallestCosine:f5} at least, where {mean} and {smallest} are wanted."),
            target,
            "Use model.onnx, or set -MinimumMeanCosine and -MinimumCosine (--minimum-mean-cosine, --minimum-cosine) lower if that is "
                + "near enough.");
    }

    /// <summary>One line for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{ShownText.Count(Tokens, "token")} of {ShownText.Count(Texts, "text")}: cosine {MeanCosine:f5} in the mean, "
            + $"{SmallestCosine:f5} at least; largest difference {LargestDifference:g2}");
}
