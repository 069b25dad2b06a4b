using System.Globalization;

namespace ColbertOnnx.Diagnostics;

/// <summary>Milliseconds from one text to its embedding while nothing else is under way; percentiles of each round.</summary>
public sealed record ThroughputLatency
{
    /// <summary>Half of the texts took at most this.</summary>
    public required Spread P50 { get; init; }

    /// <summary>95 % of the texts took at most this.</summary>
    public required Spread P95 { get; init; }

    /// <summary>99 % of the texts took at most this.</summary>
    public required Spread P99 { get; init; }

    /// <summary>Every measured text of every round, in milliseconds.</summary>
    public required IReadOnlyList<double> Samples { get; init; }

    internal static ThroughputLatency Of(IReadOnlyList<double[]> rounds)
    {
        double[][] sorted = [.. rounds.Select(round => round.Order().ToArray())];
        Spread At(double percent) => Spread.Of([.. sorted.Select(round => Statistics.Percentile(round, percent))]);
        return new ThroughputLatency { P50 = At(50), P95 = At(95), P99 = At(99), Samples = [.. rounds.SelectMany(round => round)] };
    }

    /// <summary>One line for people.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{P50.Median:0.##} / {P95.Median:0.##} / {P99.Median:0.##} ms");
}
