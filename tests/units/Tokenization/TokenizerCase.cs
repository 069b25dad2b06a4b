using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ColbertOnnx.Tests.Tokenization;

/// <summary>A text and what the original made of it; tests/data/README.md says where it comes from.</summary>
public sealed class TokenizerCase
{
    [JsonPropertyName("t")]
    public string Text { get; set; } = "";

    [JsonPropertyName("i")]
    public int[] Ids { get; set; } = [];

    /// <summary>Pairs, in code points.</summary>
    [JsonPropertyName("o")]
    public int[] Offsets { get; set; } = [];

    [JsonPropertyName("y")]
    public int[]? TypeIds { get; set; }

    [JsonPropertyName("n")]
    public int[]? BareIds { get; set; }

    /// <summary>With the file's own truncation and padding.</summary>
    [JsonPropertyName("b")]
    public int[]? BlockIds { get; set; }

    /// <summary>By "limit side".</summary>
    [JsonPropertyName("l")]
    public Dictionary<string, int[]>? Limited { get; set; }

    public static IEnumerable<string> Folders =>
        Directory.GetDirectories(TestData.Path("tokenizers")).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal);

    public static List<TokenizerCase> Read(string folder)
    {
        using var file = new StreamReader(new GZipStream(
            File.OpenRead(TestData.Path("tokenizers", folder, "cases.jsonl.gz")), CompressionMode.Decompress));
        var cases = new List<TokenizerCase>();
        while (file.ReadLine() is { } line)
            cases.Add(JsonSerializer.Deserialize<TokenizerCase>(line)!);
        return cases;
    }

    /// <summary>The offsets in UTF-16 units.</summary>
    public (int Start, int End)[] Utf16Offsets()
    {
        var places = new List<int>();
        for (int i = 0; i < Text.Length; i += char.IsSurrogatePair(Text, i) ? 2 : 1)
            places.Add(i);
        places.Add(Text.Length);
        return [.. Offsets.Chunk(2).Select(pair => (places[pair[0]], places[pair[1]]))];
    }
}
