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

    public static void Write(string path, CharacterDatabase v17)
    {
        var values = new ushort[CharacterDatabase.CodePoints];
        for (int i = 1; i < Breaks.Length; i++)
        {
            bool[] set = v17.Set("Grapheme_Cluster_Break/" + Breaks[i]);
            for (int cp = 0; cp < set.Length; cp++)
                values[cp] |= (ushort)(set[cp] ? i : 0);
        }
        bool[] pictographic = v17.Set("Binary_Property/Extended_Pictographic");
        string[] conjunct = ["Consonant", "Linker", "Extend"];
        for (int i = 0; i < conjunct.Length; i++)
        {
            bool[] set = v17.Set("Indic_Conjunct_Break/" + conjunct[i]);
            for (int cp = 0; cp < set.Length; cp++)
                values[cp] |= (ushort)(set[cp] ? 32 << i : 0);
        }
        for (int cp = 0; cp < values.Length; cp++)
            values[cp] |= (ushort)(pictographic[cp] ? 16 : 0);
        using var writer = new TableWriter(path);
        writer.Trie(values);
    }
}
