using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ColbertOnnx.Tools;

/// <summary>One version of the Unicode Character Database, read from the files of its npm package.</summary>
internal sealed partial class CharacterDatabase(string nodeModules, string version)
{
    public const int CodePoints = 0x110000;

    private const string Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private readonly string root = Path.Combine(nodeModules, "@unicode", $"unicode-{version}");

    /// <summary>The code points of a set such as "General_Category/Letter".</summary>
    public bool[] Set(string property)
    {
        string text = File.ReadAllText(Path.Combine(root, property, "ranges.mjs"));
        Match match = EncodedRanges().Match(text);
        if (!match.Success)
            throw new InvalidDataException($"{property} of {version} has no encoded ranges.");
        var set = new bool[CodePoints];
        List<int> deltas = Deltas(match.Groups[1].Value);
        // Pairs of (gap before the range, length - 1).
        for (int i = 1, end = -1; i < deltas.Count; i += 2)
        {
            int begin = end + 1 + deltas[i - 1];
            end = begin + 1 + deltas[i];
            for (int cp = begin; cp < end; cp++)
                set[cp] = true;
        }
        return set;
    }

    public bool[] Union(params string[] properties)
    {
        var union = new bool[CodePoints];
        foreach (string property in properties)
        {
            bool[] set = Set(property);
            for (int cp = 0; cp < union.Length; cp++)
                union[cp] |= set[cp];
        }
        return union;
    }

    /// <summary>Every value of a property that partitions the code points, with its name.</summary>
    public SortedDictionary<string, bool[]> Partition(string property)
    {
        var parts = new SortedDictionary<string, bool[]>(StringComparer.Ordinal);
        foreach (string folder in Directory.GetDirectories(Path.Combine(root, property)))
            parts.Add(Path.GetFileName(folder), Set(property + "/" + Path.GetFileName(folder)));
        return parts;
    }

    /// <summary>A mapping such as "Simple_Case_Mapping/Lowercase".</summary>
    public SortedDictionary<int, int[]> Map(string property)
    {
        string text = File.ReadAllText(Path.Combine(root, property, "code-points.mjs"));
        Match match = EncodedMap().Match(text);
        if (text.Contains("brotliDecompressSync", StringComparison.Ordinal))
            return PackedMap(Convert.FromBase64String(match.Groups[1].Value));
        using var zipped = new GZipStream(new MemoryStream(Convert.FromBase64String(match.Groups[1].Value)), CompressionMode.Decompress);
        var map = new SortedDictionary<int, int[]>();
        foreach (JsonElement pair in JsonDocument.Parse(zipped).RootElement.EnumerateArray())
        {
            JsonElement to = pair[1];
            map.Add(
                pair[0].GetInt32(),
                to.ValueKind == JsonValueKind.Array ? [.. to.EnumerateArray().Select(e => e.GetInt32())] : [to.GetInt32()]);
        }
        return map;
    }

    // The packages since 17.0: distance of the key to the key before, count (0: one code point), distances of the values.
    private static SortedDictionary<int, int[]> PackedMap(byte[] packed)
    {
        using var reader = new StreamReader(new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress));
        List<int> deltas = Deltas(reader.ReadToEnd());
        var map = new SortedDictionary<int, int[]>();
        for (int i = 0, from = 0; i < deltas.Count;)
        {
            from += Signed(deltas[i++]);
            var to = new int[Math.Max(1, deltas[i++])];
            for (int k = 0, cp = from; k < to.Length; k++)
                to[k] = cp += Signed(deltas[i++]);
            map.Add(from, to);
        }
        return map;

        static int Signed(int value) => (value >>> 1) ^ -(value & 1);
    }

    // Each number begins with a digit whose upper bits tell how many digits follow (0, 1, 2 or 3).
    private static List<int> Deltas(string text)
    {
        var deltas = new List<int>();
        for (int i = 0; i < text.Length;)
        {
            int first = Digits.IndexOf(text[i++], StringComparison.Ordinal);
            (int value, int more) = (first >> 3) switch
            {
                4 or 5 => (first & 15, 1),
                6 => (first & 7, 2),
                7 => (first & 7, 3),
                _ => (first, 0),
            };
            for (; more > 0; more--)
                value = (value << 6) | Digits.IndexOf(text[i++], StringComparison.Ordinal);
            deltas.Add(value);
        }
        return deltas;
    }

    [GeneratedRegex(@"decodeRanges\('([^']*)'\)")]
    private static partial Regex EncodedRanges();

    [GeneratedRegex(@"Buffer\.from\('([^']*)'")]
    private static partial Regex EncodedMap();
}
