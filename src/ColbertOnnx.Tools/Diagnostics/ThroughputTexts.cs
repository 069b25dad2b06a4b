using System.Globalization;

namespace ColbertOnnx.Diagnostics;

/// <summary>What was encoded.</summary>
public sealed record ThroughputTexts
{
    /// <summary>Where the texts came from: "generated", "pipeline", "standard input", files, or what a caller says.</summary>
    public required string Source { get; init; }

    /// <summary>Seed of generated texts; null for others.</summary>
    public int? Seed { get; init; }

    /// <summary>How many.</summary>
    public required int Count { get; init; }

    /// <summary>
    /// Tokens of all sequences as the model gets them: prefix, special tokens and expansion count, padding of a batch does not.
    /// </summary>
    public required long Tokens { get; init; }

    /// <summary>Tokens of a sequence.</summary>
    public required Spread TokensPerText { get; init; }

    /// <summary>Texts that had more tokens than the model takes.</summary>
    public int Truncated { get; init; }

    /// <summary>One line for people.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Count} of {Lengths} tokens ({Source}{(Seed is { } seed ? $", seed {seed}" : "")})");

    private string Lengths =>
        TokensPerText.Minimum == TokensPerText.Maximum
            ? TokensPerText.Minimum.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{TokensPerText.Minimum} to {TokensPerText.Maximum}");
}
