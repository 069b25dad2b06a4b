namespace ColbertOnnx.Text;

/// <summary>Extended grapheme clusters (UAX 29, Unicode 17.0) as the crate unicode-segmentation cuts them.</summary>
internal static class GraphemeBreaker
{
    private static readonly CodePointTrie Breaks = new TableReader("graphemes").Trie();

    // Grapheme_Cluster_Break, low four bits.
    private const int Other = 0, CarriageReturn = 1, LineFeed = 2, Control = 3, Extend = 4, Joiner = 5, Regional = 6, Prepend = 7,
        SpacingMark = 8, L = 9, V = 10, T = 11, LV = 12, LVT = 13;
    private const int Pictographic = 16, Consonant = 32, Linker = 64, ConjunctExtend = 128;

    /// <summary>Where the cluster ends that begins at <paramref name="start"/>.</summary>
    public static int Next(ReadOnlySpan<int> text, int start)
    {
        int i = start + 1;
        // Two plain characters: nearly every call.
        if (i < text.Length && IsPlain(text[start]) && IsPlain(text[i]))
            return i;
        if (i >= text.Length)
            return text.Length;
        var state = default(State);
        int before = Breaks[text[start]];
        state.Pass(before);
        for (; i < text.Length; i++)
        {
            int after = Breaks[text[i]];
            if (IsBoundary(before & 15, after, in state))
                break;
            state.Pass(after);
            before = after;
        }
        return i;
    }

    private static bool IsPlain(int cp) => cp is >= 0x20 and < 0x7F;

    private static bool IsBoundary(int before, int value, in State state)
    {
        int after = value & 15;
        if (before is CarriageReturn or LineFeed or Control || after is CarriageReturn or LineFeed or Control)
            return !(before == CarriageReturn && after == LineFeed);
        bool joined = before switch
        {
            L => after is L or V or LV or LVT,
            LV or V => after is V or T,
            LVT or T => after is T,
            _ => false,
        };
        return !(joined
            || after is Extend or Joiner or SpacingMark
            || before == Prepend
            || ((value & Consonant) != 0 && state.Conjunct == 2)
            || ((value & Pictographic) != 0 && state.Emoji == 2)
            || (after == Regional && before == Regional && state.Regionals % 2 == 1));
    }

    private struct State
    {
        /// <summary>Regional indicators in a row up to here.</summary>
        public int Regionals;
        /// <summary>1: a pictograph and what extends it; 2: and a joiner behind it.</summary>
        public int Emoji;
        /// <summary>1: a consonant and what extends it; 2: with a linker among that.</summary>
        public int Conjunct;

        public void Pass(int value)
        {
            int kind = value & 15;
            Regionals = kind == Regional ? Regionals + 1 : 0;
            Emoji = (value & Pictographic) != 0 ? 1 : Emoji != 1 ? 0 : kind switch { Extend => 1, Joiner => 2, _ => Other };
            if ((value & Consonant) != 0)
                Conjunct = 1;
            else if ((value & Linker) != 0)
                Conjunct = Conjunct > 0 ? 2 : 0;
            else if ((value & ConjunctExtend) == 0)
                Conjunct = 0;
        }
    }
}
