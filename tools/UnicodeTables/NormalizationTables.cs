using System.Globalization;

namespace ColbertOnnx.Tools;

/// <summary>
/// Decompositions, combining classes and compositions of 9.0. They never change once a code point is assigned,
/// so the file of a later version, cut to what 9.0 had assigned, says the same.
/// </summary>
internal static class NormalizationTables
{
    public static void Write(string path, CharacterDatabase v9, string unicodeData)
    {
        bool[] unassigned = v9.Set("General_Category/Unassigned");
        var single = new Dictionary<int, (bool Compatible, int[] To)>();
        var classes = new Dictionary<int, int>();
        foreach (string line in File.ReadLines(Path.Combine(unicodeData, "UnicodeData.txt")))
        {
            string[] fields = line.Split(';');
            int cp = Hex(fields[0]);
            if (unassigned[cp])
                continue;
            if (fields[3] != "0")
                classes[cp] = int.Parse(fields[3], CultureInfo.InvariantCulture);
            if (fields[5].Length > 0)
            {
                bool compatible = fields[5][0] == '<';
                string to = compatible ? fields[5][(fields[5].IndexOf('>', StringComparison.Ordinal) + 1)..] : fields[5];
                single[cp] = (compatible, [.. to.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Hex)]);
            }
        }
        bool[] excluded = v9.Set("Binary_Property/Full_Composition_Exclusion");
        var pairs = new SortedDictionary<long, int>();
        foreach ((int cp, (bool compatible, int[] to)) in single)
        {
            if (!compatible && to.Length == 2 && !excluded[cp])
                pairs.Add(((long)to[0] << 21) | (uint)to[1], cp);
        }
        HashSet<int> seconds = [.. pairs.Keys.Select(k => (int)(k & 0x1FFFFF))];

        // A record: combining class | second of a composition << 8, canonical (offset << 8 | length), compatible (the same).
        var records = new List<int> { 0, 0, 0 };
        var known = new Dictionary<(int, int, int), ushort> { [(0, 0, 0)] = 0 };
        var text = new List<int>();
        var values = new ushort[CharacterDatabase.CodePoints];
        int Place(List<int> to)
        {
            text.AddRange(to);
            return ((text.Count - to.Count) << 8) | to.Count;
        }
        for (int cp = 0; cp < values.Length; cp++)
        {
            int canonical = 0, compatible = 0;
            if (single.TryGetValue(cp, out (bool Compatible, int[] To) own))
            {
                List<int> full = [], canon = [];
                Expand(cp, single, true, full);
                Expand(cp, single, false, canon);
                canonical = own.Compatible ? 0 : Place(canon);
                compatible = !own.Compatible && canon.SequenceEqual(full) ? canonical : Place(full);
            }
            var record = (classes.GetValueOrDefault(cp) | (seconds.Contains(cp) ? 256 : 0), canonical, compatible);
            if (!known.TryGetValue(record, out values[cp]))
            {
                known.Add(record, values[cp] = (ushort)known.Count);
                records.AddRange([record.Item1, record.canonical, record.compatible]);
            }
        }
        using var writer = new TableWriter(path);
        writer.Trie(values);
        writer.Array([.. records]);
        writer.Array([.. text]);
        writer.Array([.. pairs.Keys.Select(k => (int)(k >> 21))]);
        writer.Array([.. pairs.Keys.Select(k => (int)(k & 0x1FFFFF))]);
        writer.Array([.. pairs.Values]);
    }

    private static void Expand(int cp, Dictionary<int, (bool Compatible, int[] To)> single, bool compatible, List<int> to)
    {
        if (!single.TryGetValue(cp, out (bool Compatible, int[] To) own) || (own.Compatible && !compatible))
        {
            to.Add(cp);
            return;
        }
        foreach (int part in own.To)
            Expand(part, single, compatible, to);
    }

    private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
