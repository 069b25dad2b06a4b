using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Diagnostics.Parity;

/// <summary>The token vectors of one text beside its reference.</summary>
internal sealed record TextComparison
{
    /// <summary>Cosine of each token vector of this model that has a partner.</summary>
    public required IReadOnlyList<double> Cosines { get; init; }

    public required double LargestDifference { get; init; }

    /// <summary>Token vector of this model with the smallest cosine; -1 where none has a partner.</summary>
    public required int WorstRow { get; init; }

    public double MeanCosine => Cosines.Count == 0 ? 1 : Cosines.Average();

    public double SmallestCosine => Cosines.Count == 0 ? 1 : Cosines.Min();

    /// <param name="partners">For each token vector of <paramref name="here"/> one of <paramref name="there"/>, or -1; null: one by
    /// one.</param>
    public static TextComparison Of(ReadOnlySpan<float> here, ReadOnlySpan<float> there, int dimension, int[]? partners)
    {
        List<double> cosines = [];
        double difference = 0, smallest = double.PositiveInfinity;
        int worst = -1;
        int rows = partners?.Length ?? Math.Min(here.Length, there.Length) / Math.Max(1, dimension);
        for (int i = 0; i < rows; i++)
        {
            int j = partners is null ? i : partners[i];
            if (j < 0) continue;
            ReadOnlySpan<float> a = here.Slice(i * dimension, dimension), b = there.Slice(j * dimension, dimension);
            double cosine = VectorMath.Cosine(a, b);
            cosines.Add(cosine);
            difference = Math.Max(difference, VectorMath.LargestDifference(a, b));
            if (cosine >= smallest) continue;
            (smallest, worst) = (cosine, i);
        }

        return new TextComparison { Cosines = cosines, LargestDifference = difference, WorstRow = worst };
    }
}
