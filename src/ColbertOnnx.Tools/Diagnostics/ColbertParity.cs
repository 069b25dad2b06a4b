using System.Globalization;
using ColbertOnnx.Diagnostics.Parity;

namespace ColbertOnnx.Diagnostics;

/// <summary>A model beside reference vectors: what all texts together say.</summary>
public sealed record ColbertParity
{
    /// <summary>True when every text passed.</summary>
    public bool Passed => Missed == 0;

    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Whether the model is INT8.</summary>
    public required bool IsQuantized { get; init; }

    /// <summary>Name of the reference: its file, or the other model.</summary>
    public required string Reference { get; init; }

    /// <summary>What made the reference, where it says so.</summary>
    public string? MadeBy { get; init; }

    /// <summary>Texts that were compared.</summary>
    public required long Texts { get; init; }

    /// <summary>Queries among them.</summary>
    public required long Queries { get; init; }

    /// <summary>Texts that missed a threshold or have other token vectors, and those that could not be encoded.</summary>
    public required long Missed { get; init; }

    /// <summary>Texts whose number of token vectors differs.</summary>
    public required long OtherRows { get; init; }

    /// <summary>Token vectors that were compared.</summary>
    public required long Rows { get; init; }

    /// <summary>Mean over all token vectors.</summary>
    public required double MeanCosine { get; init; }

    /// <summary>Least cosine of any token vector, -1 to 1.</summary>
    public required double SmallestCosine { get; init; }

    /// <summary>Largest difference of any single element.</summary>
    public required double LargestDifference { get; init; }

    /// <summary>Cosine of a token vector: half of all have at least P50, 99 % at least P99.</summary>
    public required ColbertParityPercentiles Cosine { get; init; }

    /// <summary>Largest difference in a text: half of all texts have at most P50, 99 % at most P99.</summary>
    public required ColbertParityPercentiles Difference { get; init; }

    /// <summary>Null unless the reference holds queries and at least two documents.</summary>
    public ColbertParityRanking? Ranking { get; init; }

    /// <summary>How many texts have each cause, the most frequent first.</summary>
    public required IReadOnlyList<KeyValuePair<ColbertParityCause, long>> Causes { get; init; }

    /// <summary>Settings that the reference says it was made with and that differ here, a sentence each.</summary>
    public required IReadOnlyList<string> SettingsThatDiffer { get; init; }

    /// <summary>The worst texts, those with other token vectors first.</summary>
    public required IReadOnlyList<ColbertTextParity> Worst { get; init; }

    /// <summary>The thresholds, none of them null.</summary>
    public required ColbertParityOptions Thresholds { get; init; }

    /// <summary>What a user should know about what was left out, a sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The machine that it was done on.</summary>
    public required ThroughputEnvironment Environment { get; init; }

    /// <summary>When it was done, in universal time.</summary>
    public required DateTime Measured { get; init; }

    internal LogHistogram CosineCounts { get; init; } = new();

    internal LogHistogram DifferenceCounts { get; init; } = new();

    /// <summary>The error that says what was missed; null where nothing was.</summary>
    public ColbertException? Miss()
    {
        if (Passed) return null;
        string causes = string.Join(", ", Causes.Take(3).Select(cause => $"{cause.Key}: {cause.Value}"));
        string worst = Worst is [{ Passed: false } first, ..] ? $" The worst, {first.Location}: {first.Explanation}." : "";
        return new ColbertException(
            ColbertErrorId.ParityMissed,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Model} against {Reference}: {Missed} of {ShownText.Count(Texts, "text")} missed"
                    + $"{(causes.Length == 0 ? "" : $" ({causes})")}; cosine {MeanCosine:0.00000} on average, "
                    + $"{SmallestCosine:0.00000} at least, largest difference {LargestDifference:0.0e+0}.{worst}"),
            Reference,
            SettingsThatDiffer.Count > 0
                ? $"Open the model with the reference's settings: {string.Join(" ", SettingsThatDiffer)}"
                : "See the worst texts (.Worst, --json); if the difference was meant, make a new reference or set other thresholds.");
    }

    /// <summary>One line of JSON.</summary>
    public string ToJson() => ParityJson.Write(this);

    /// <summary>One line for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Model} against {Reference}: {(Passed ? "passed" : $"{Missed} of {ShownText.Count(Texts, "text")} missed")}, "
            + $"cosine {MeanCosine:0.000000} on average, {SmallestCosine:0.000000} at least, "
            + $"largest difference {LargestDifference:0.#######}");
}
