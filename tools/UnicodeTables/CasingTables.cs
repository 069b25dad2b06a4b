namespace ColbertOnnx.Tools;

/// <summary>
/// A class for each code point that says: distance to the lower case of 17.0 (Rust) and of 14.0 (Python), Cased and
/// Case_Ignorable of 14.0 (Python). Then the case folding of 16.0 (Oniguruma) as a list.
/// </summary>
internal static class CasingTables
{
    public static void Write(string path, CharacterDatabase v14, CharacterDatabase v16, CharacterDatabase v17)
    {
        SortedDictionary<int, int[]> rust = v17.Map("Simple_Case_Mapping/Lowercase");
        SortedDictionary<int, int[]> python = v14.Map("Simple_Case_Mapping/Lowercase");
        bool[] cased = v14.Set("Binary_Property/Cased");
        bool[] ignorable = v14.Set("Binary_Property/Case_Ignorable");
        var classes = new Dictionary<(int Rust, int Python, int Flags), ushort>();
        var values = new ushort[CharacterDatabase.CodePoints];
        for (int cp = 0; cp < values.Length; cp++)
        {
            int Distance(SortedDictionary<int, int[]> map) => map.TryGetValue(cp, out int[]? to) ? to[0] - cp : 0;
            var key = (Distance(rust), Distance(python), (cased[cp] ? 1 : 0) | (ignorable[cp] ? 2 : 0));
            if (!classes.TryGetValue(key, out values[cp]))
                classes.Add(key, values[cp] = (ushort)classes.Count);
        }
        using var writer = new TableWriter(path);
        writer.Trie(values);
        writer.Array([.. classes.Keys.SelectMany(k => new[] { k.Rust, k.Python, k.Flags })]);
        // From, length, to: full foldings where they exist, else common ones.
        SortedDictionary<int, int[]> folding = v16.Map("Case_Folding/C");
        foreach ((int from, int[] to) in v16.Map("Case_Folding/F"))
            folding[from] = to;
        writer.Array([.. folding.SelectMany(f => new[] { f.Key, f.Value.Length }.Concat(f.Value))]);
    }
}
