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

    private static string[] English()
    {
        string[] sentences =
        [
            "The committee met on Tuesday to discuss the budget for the coming year, and most of its members agreed that spending should be cut.",
            "A late interaction model keeps one vector for every token of a document, so that a query can find the exact words that matter to it.",
            "When the pressure behind the shock wave rises faster than the boundary layer can bear, the flow separates from the surface of the wing.",
            "She had walked along the river since early morning, counting bridges, and by noon she was certain that the map had been drawn from memory.",
            "Most compilers rewrite a loop several times before they emit code for it: they unroll it, reorder its loads, and hoist what never changes.",
            "In 1987 the company sold 4,500 units at a price of $129.95 each; two years later nobody could remember why anyone had wanted one.",
            "Bread needs flour, water, salt and time, and of these four the last is the one that people try to save, with predictable results.",
            "The patient's temperature didn't change overnight, but the nurses' notes mention a mild cough that hadn't been there the day before.",
        ];
        return [.. Enumerable.Range(0, 200).Select(i => string.Join(' ', Enumerable.Range(0, 6).Select(j => sentences[((i * 5) + (j * 3) + (i / 8)) % sentences.Length])))];
    }

    private static string[] Mixed()
    {
        using JsonDocument texts = JsonDocument.Parse(File.ReadAllText(TestData.Path("minilm-reference", "texts.json")));
        string[] all = [.. texts.RootElement.EnumerateArray().Select(t => t.GetProperty("text").GetString()!)];
        return [.. Enumerable.Range(0, 200).Select(i => string.Join(' ', Enumerable.Range(0, 8).Select(j => Cut(all[((i * 7) + (j * 11)) % all.Length], 120))))];
    }

    private static string[] Source() =>
        [.. Directory.EnumerateFiles(Path.Combine(TestData.Repository, "src", "ColbertOnnx.Core"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Take(60).Select(f => Cut(File.ReadAllText(f), 3000))];

    private static string Cut(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
}
