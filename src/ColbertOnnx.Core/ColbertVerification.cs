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
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Tokens} tokens of {Texts} texts: cosine {MeanCosine:f5} in the mean, {SmallestCosine:f5} at least; largest difference {LargestDifference:g2}");
}
