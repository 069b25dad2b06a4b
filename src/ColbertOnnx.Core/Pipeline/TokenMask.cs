using System.Collections.Frozen;
using ColbertOnnx.Modeling;

namespace ColbertOnnx.Pipeline;

/// <summary>The token mask of a text: which of its token vectors are kept.</summary>
internal static class TokenMask
{
    /// <summary>
    /// docs/semantics.md, rules 10 and 11. Queries: every token with expansion, otherwise those with attention 1. Documents: those with
    /// attention 1 whose token is not on the skiplist; special tokens and the prefix stay unless the list names them.
    /// In sentence-transformers 6 the skiplist may be for queries too, and documents may keep listed ids only.
    /// </summary>
    public static void Select(ResolvedSettings resolved, TextKind kind, ModelInput input)
    {
        bool everything = resolved.ExpansionOf(kind) != QueryExpansion.Off;
        FrozenSet<int>? skipped = resolved.SkippedIdsOf(kind), only = resolved.KeptIdsOf(kind);
        ReadOnlySpan<int> ids = input.Ids;
        ReadOnlySpan<byte> attention = input.AttentionMask;
        Span<int> kept = input.WritableKept;
        int count = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            if (attention[i] == 0 && !everything) continue;
            if (skipped is not null && skipped.Contains(ids[i])) continue;
            if (only is not null && !only.Contains(ids[i])) continue;
            kept[count++] = i;
        }

        input.KeptCount = count;
    }
}
