using System.Numerics;

namespace ColbertOnnx.Pipeline;

/// <summary>How rows become calls on a device. The default is the CPU's: by length, few tokens, nothing rounded.</summary>
internal sealed record BatchPolicy
{
    public static BatchPolicy Cpu { get; } = new();

    /// <summary>
    /// Largest batch x length of a call, filled as far as rows go; null: the CPU's rule, under which long rows run alone.
    /// </summary>
    public int? TokensPerCall { get; init; }

    /// <summary>
    /// Lengths that rows are padded to, upwards; empty: to the longest row of the call. For engines that are built anew for each shape.
    /// </summary>
    public IReadOnlyList<int> Lengths { get; init; } = [];

    /// <summary>Calls are filled up with empty rows to a power of two, for the same reason.</summary>
    public bool RoundsRows { get; init; }

    /// <summary>The length that a row is padded to.</summary>
    /// <param name="length">Tokens of the row.</param>
    /// <param name="limits">Of the row's kind.</param>
    public int LengthOf(int length, SequenceLimits limits)
    {
        if (length == limits.Unpadded) return length;
        foreach (int step in Lengths)
        {
            if (step >= length) return Math.Max(length, Math.Min(step, limits.Most));
        }

        return length;
    }

    /// <summary>The rows of a call that holds this many texts.</summary>
    public int RowsOf(int texts) => RoundsRows ? (int)BitOperations.RoundUpToPowerOf2((uint)texts) : texts;
}
