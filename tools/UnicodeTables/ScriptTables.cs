namespace ColbertOnnx.Tools;

/// <summary>Low byte: script of 16.0, for expressions. High byte: script of 9.0, for the pre-tokenizer UnicodeScripts.</summary>
internal static class ScriptTables
{
    public static void Write(string path, CharacterDatabase v9, CharacterDatabase v16, string unicodeData)
    {
        SortedDictionary<string, bool[]> now = v16.Partition("Script"), then = v9.Partition("Script");
        List<string> names = ["Unknown", .. now.Keys.Where(n => n is not "Unknown")];
        var values = new ushort[CharacterDatabase.CodePoints];
        for (int i = 1; i < names.Count; i++)
        {
            bool[] set = now[names[i]];
            then.TryGetValue(names[i], out bool[]? before);
            for (int cp = 0; cp < set.Length; cp++)
                values[cp] |= (ushort)((set[cp] ? i : 0) | (before?[cp] == true ? i << 8 : 0));
        }
        if (then.Keys.Except(names).Any())
            throw new InvalidDataException("A script was renamed: " + string.Join(' ', then.Keys.Except(names)));
        using var writer = new TableWriter(path);
        writer.Trie(values);
        writer.Names(names);
        // Short names (Latn), for the scripts that the older file of aliases knows.
        var shortNames = new Dictionary<string, string>();
        foreach (string line in File.ReadLines(Path.Combine(unicodeData, "PropertyValueAliases.txt"))
            .Where(l => l.StartsWith("sc ;", StringComparison.Ordinal)))
        {
            string[] fields = [.. line.Split('#')[0].Split(';').Select(f => f.Trim())];
            shortNames[fields[2]] = fields[1];
        }
        writer.Names([.. names.Select(n => shortNames.GetValueOrDefault(n, ""))]);
    }
}
