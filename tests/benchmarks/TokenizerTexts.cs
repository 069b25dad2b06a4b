using System.Text.Json;
using ColbertOnnx.Tests;

namespace ColbertOnnx.Benchmarks;

/// <summary>The texts that tokenizers are timed on: English of about 180 tokens, mixed languages, source code.</summary>
internal static class TokenizerTexts
{
    public static IReadOnlyDictionary<string, string[]> All() => new Dictionary<string, string[]>
    {
        ["english"] = English(),
        ["mixed"] = Mixed(),
        ["source"] = Source(),
    };

    // Words of a real vocabulary, which is ordered by frequency, drawn as in natural text (Zipf): few words are frequent, many are rare.
    private static string[] English()
    {
        using JsonDocument file =
            JsonDocument.Parse(File.ReadAllText(TestData.Path("tokenizers", "real-minilm-bert-uncased", "tokenizer.json")));
        string[] words =
        [
            .. file.RootElement.GetProperty("model").GetProperty("vocab").EnumerateObject()
                .Where(w => w.Name.Length > 1 && w.Name.All(char.IsAsciiLetterLower)).OrderBy(w => w.Value.GetInt32()).Select(w => w.Name),
        ];
        var random = new Random(20261123);
        return [.. Enumerable.Range(0, 200).Select(_ => string.Join(' ', Enumerable.Range(0, 142).Select(i => Word(words, random, i))))];
    }

    private static string Word(string[] words, Random random, int place)
    {
        string word = words[(int)Math.Pow(words.Length, random.NextDouble()) - 1];
        if (random.Next(20) == 0) word += words[random.Next(words.Length)]; // compounds and names are in no vocabulary
        if (place % 17 == 0) word = char.ToUpperInvariant(word[0]) + word[1..];
        return place % 17 == 16 ? word + '.' : random.Next(12) == 0 ? word + ',' : word;
    }

    private static string[] Mixed()
    {
        using JsonDocument texts = JsonDocument.Parse(File.ReadAllText(TestData.Path("minilm-reference", "texts.json")));
        string[] all = [.. texts.RootElement.EnumerateArray().Select(t => t.GetProperty("text").GetString()!)];
        return
        [
            .. Enumerable.Range(0, 200)
                .Select(i => string.Join(' ', Enumerable.Range(0, 8).Select(j => Cut(all[((i * 7) + (j * 11)) % all.Length], 120)))),
        ];
    }

    private static string[] Source() =>
        [.. Directory.EnumerateFiles(Path.Combine(TestData.Repository, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Take(60).Select(f => Cut(File.ReadAllText(f), 3000))];

    private static string Cut(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
}
