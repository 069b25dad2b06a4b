using System.Collections.Frozen;
using ColbertOnnx.Modeling;

namespace ColbertOnnx.Pipeline;

/// <summary>Which rows of the model's output come back, and in which form.</summary>
internal static class RowSelection
{
    /// <summary>
    /// docs/semantics.md, rules 10 and 11. Queries: every row with expansion, otherwise those with attention 1. Documents: those with
    /// attention 1 whose token is not on the skiplist; special tokens and the prefix stay unless the list names them.
    /// In sentence-transformers 6 the skiplist may be for queries too, and documents may keep listed ids only.
    /// </summary>
    public static void Select(EncodingProfile profile, TextKind kind, TokenRow row)
    {
        bool everything = profile.ExpansionOf(kind) != QueryExpansion.Off;
        FrozenSet<int>? skipped = profile.SkippedIdsOf(kind), only = profile.KeptIdsOf(kind);
        ReadOnlySpan<int> ids = row.Ids;
        ReadOnlySpan<byte> attention = row.AttentionMask;
        Span<int> kept = row.WritableKept;
        int count = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            if (attention[i] == 0 && !everything) continue;
            if (skipped is not null && skipped.Contains(ids[i])) continue;
            if (only is not null && !only.Contains(ids[i])) continue;
            kept[count++] = i;
        }

        row.KeptCount = count;
    }

    /// <summary>
    /// Copies the kept rows of one text's output to <paramref name="destination"/> (kept.Length x dimension numbers) and,
    /// unless told otherwise, makes unit vectors of them.
    /// </summary>
    /// <param name="output">The text's rows, one after the other; rows behind the last kept one may be padding.</param>
    public static void Gather(ReadOnlySpan<float> output, ReadOnlySpan<int> kept, int dimension, Span<float> destination, bool normalize = true)
    {
        for (int i = 0; i < kept.Length; i++)
        {
            Span<float> target = destination.Slice(i * dimension, dimension);
            output.Slice(kept[i] * dimension, dimension).CopyTo(target);
            if (normalize) Normalize(target);
        }
    }

    /// <summary>
    /// Rule 13: divides the row by its L2 norm, never by less than 1e-12. Graphs mostly do this themselves; doing it again
    /// moves a number by one unit in its last place at most (6e-8), so no graph has to say whether it did.
    /// </summary>
    public static void Normalize(Span<float> row)
    {
        double sum = 0;
        foreach (float value in row) sum += (double)value * value;
        float norm = MathF.Max((float)Math.Sqrt(sum), 1e-12f);
        foreach (ref float value in row) value /= norm;
    }
}
