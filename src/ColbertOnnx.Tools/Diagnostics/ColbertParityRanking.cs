using System.Globalization;

namespace ColbertOnnx.Diagnostics;

/// <summary>What the differences do to a search: a sample of queries against a sample of documents, by the vectors of both.</summary>
public sealed record ColbertParityRanking
{
    /// <summary>Queries that were ranked.</summary>
    public required int Queries { get; init; }

    /// <summary>Documents that were ranked for each of them.</summary>
    public required int Documents { get; init; }

    /// <summary>Mean difference of a MaxSim score.</summary>
    public required double MeanDrift { get; init; }

    /// <summary>Largest difference of a MaxSim score.</summary>
    public required double LargestDrift { get; init; }

    /// <summary>Mean of the reference's scores, to see the drift beside.</summary>
    public required double MeanScore { get; init; }

    /// <summary>Kendall's tau-b of the two orders of the documents, mean over the queries; 1: the same order.</summary>
    public required double KendallTau { get; init; }

    /// <summary>Part of the queries with the same best document.</summary>
    public required double SameBest { get; init; }

    /// <summary>How many best documents <see cref="Overlap"/> is about: 10, or all where there are fewer.</summary>
    public required int Top { get; init; }

    /// <summary>Part of the best documents that both have, mean over the queries.</summary>
    public required double Overlap { get; init; }

    /// <summary>One line for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Queries} x {Documents}: drift {MeanDrift:0.####} of {MeanScore:0.##}, tau {KendallTau:0.0000}, same best {SameBest:P0}, top "
            + $"{Top} {Overlap:P1}");
}
