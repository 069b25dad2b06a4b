namespace ColbertOnnx.Tools;

/// <summary>
/// Low four bits: Grapheme_Cluster_Break. Then Extended_Pictographic (16), and Indic_Conjunct_Break as
/// Consonant (32), Linker (64), Extend (128).
/// </summary>
internal static class GraphemeTables
{
    // The library's GraphemeBreak enumeration has the same order.
    private static readonly string[] Breaks =
        ["Other", "CR", "LF", "Control", "Extend", "ZWJ", "Regional_Indicator", "Prepend", "SpacingMark", "L", "V", "T", "LV", "LVT"];

    // Scripts whose viramas and consonants form conjuncts, as DerivedCoreProperties of 15.1 introduces InCB.
    private static readonly string[] ConjunctScripts = ["Bengali", "Devanagari", "Gujarati", "Malayalam", "Oriya", "Telugu"];

    public static void Write(string path, CharacterDatabase v16)
    {
        var values = new ushort[CharacterDatabase.CodePoints];
        for (int i = 1; i < Breaks.Length; i++)
        {
            bool[] set = v16.Set("Grapheme_Cluster_Break/" + Breaks[i]);
            for (int cp = 0; cp < set.Length; cp++)
                values[cp] |= (ushort)(set[cp] ? i : 0);
        }
        bool[] pictographic = v16.Set("Binary_Property/Extended_Pictographic");
        bool[] scripts = v16.Union([.. ConjunctScripts.Select(s => "Script/" + s)]);
        bool[] consonant = v16.Set("Indic_Syllabic_Category/Consonant");
        bool[] virama = v16.Set("Indic_Syllabic_Category/Virama");
        for (int cp = 0; cp < values.Length; cp++)
        {
            int value = pictographic[cp] ? 16 : 0;
            bool extends = (values[cp] & 15) is 4 or 5;
            if (consonant[cp] && scripts[cp])
                value |= 32;
            else if (virama[cp] && scripts[cp])
                value |= 64;
            else if (extends && cp != 0x200C)
                value |= 128;
            values[cp] |= (ushort)value;
        }
        using var writer = new TableWriter(path);
        writer.Trie(values);
    }
}
