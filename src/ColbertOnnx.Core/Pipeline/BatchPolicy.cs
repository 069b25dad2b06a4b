using System.Numerics;

namespace ColbertOnnx.Pipeline;

/// <summary>How sequences become batches on a device. The default is the CPU's: by length, few tokens, nothing rounded.</summary>
internal sealed record BatchPolicy
{
    public static BatchPolicy Cpu { get; } = new();

    /// <summary>
    /// Largest batch size x length of a batch, filled as far as sequences go; null: the CPU's rule, which leaves long ones unbatched.
    /// </summary>
    public int? TokensPerBatch { get; init; }

    /// <summary>
    /// Lengths that sequences are padded to, upwards; empty: to the longest one of the batch. For devices whose program is built anew
    /// for each shape.
    /// </summary>
    public IReadOnlyList<int> Lengths { get; init; } = [];

    /// <summary>Batches are padded with empty sequences to a power of two, for the same reason.</summary>
    public bool RoundsBatchSize { get; init; }

    /// <summary>The length that a sequence is padded to.</summary>
    /// <param name="length">Tokens of the sequence.</param>
    /// <param name="limits">Of the text's kind.</param>
    public int LengthOf(int length, SequenceLimits limits)
    {
        if (length == limits.Unpadded) return length;
        foreach (int padded in Lengths)
        {
            if (padded >= length) return Math.Max(length, Math.Min(padded, limits.Most));
        }

        return length;
    }

    /// <summary>The size of a batch that holds this many texts.</summary>
    public int BatchSizeOf(int texts) => RoundsBatchSize ? (int)BitOperations.RoundUpToPowerOf2((uint)texts) : texts;
}
