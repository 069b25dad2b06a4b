using System.Globalization;

namespace ColbertOnnx.Diagnostics;

/// <summary>One text beside its reference. Where the counts of token vectors differ, those that belong together are compared.</summary>
public sealed record ColbertTextParity
{
    /// <summary>Place of the text in the reference, from 1.</summary>
    public required long Number { get; init; }

    /// <summary>Where the reference holds it, for people.</summary>
    public required string Location { get; init; }

    /// <summary>The reference's name for the text; null: it has none.</summary>
    public string? Id { get; init; }

    /// <summary>The text.</summary>
    public required string Text { get; init; }

    /// <summary>How it was encoded.</summary>
    public required TextKind Kind { get; init; }

    /// <summary>True when it is as near to the reference as the thresholds ask for.</summary>
    public required bool Passed { get; init; }

    /// <summary>Token vectors of this model.</summary>
    public required int TokenCount { get; init; }

    /// <summary>Token vectors of the reference.</summary>
    public required int ReferenceTokenCount { get; init; }

    /// <summary>Mean over the token vectors that were compared; 1 without any.</summary>
    public required double MeanCosine { get; init; }

    /// <summary>Cosine of the token vector that is farthest from its reference.</summary>
    public required double SmallestCosine { get; init; }

    /// <summary>Largest difference of a single element.</summary>
    public required double LargestDifference { get; init; }

    /// <summary>The token vector of <see cref="SmallestCosine"/>, from 0; -1 where nothing was compared.</summary>
    public int WorstRow { get; init; } = -1;

    /// <summary>Its piece of the vocabulary; null where token vectors are pooled.</summary>
    public string? WorstToken { get; init; }

    /// <summary>What it is in the text; empty for tokens that the text does not hold.</summary>
    public string WorstText { get; init; } = "";

    /// <summary>Why, as far as vectors and tokens tell; empty for a text that passed.</summary>
    public IReadOnlyList<ColbertParityCause> Causes { get; init; } = [];

    /// <summary>The same in a sentence.</summary>
    public string Explanation { get; init; } = "";

    /// <summary>Token vectors without a partner.</summary>
    public IReadOnlyList<ColbertParityGap> Gaps { get; init; } = [];

    /// <summary>One line of JSON.</summary>
    public string ToJson() => Parity.ParityJson.Write(this);

    /// <summary>One line for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Kind} {Number}: {ShownText.Count(TokenCount, "token vector")} ({ReferenceTokenCount} in the reference), "
            + $"cosine {MeanCosine:0.00000} on average, {SmallestCosine:0.00000} at least"
            + $"{(Explanation.Length == 0 ? "" : $"; {Explanation}")}");
}
