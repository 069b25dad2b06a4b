using System.Text.Json;
using ColbertOnnx.Diagnostics;
using ColbertOnnx.Modeling;

namespace ColbertOnnx.Benchmarks.Peers;

/// <summary>The texts of one table, and the files that peers read them from.</summary>
internal sealed record PeerTexts(string Name, string[] Texts, int[] Lengths, string Folder)
{
    public const string Mixed = "mixed";
    private const int Seed = 5;

    public long Tokens => Lengths.Sum(length => (long)length);

    /// <summary>A JSON list, as the Rust program and the command read it.</summary>
    public string File => Path.Combine(Folder, $"{Name}.json");

    /// <summary>The same with the prefix as text before each, for those that know nothing of prefixes.</summary>
    public string PrefixedFile => Path.Combine(Folder, $"{Name}-prefixed.json");

    /// <param name="name">A number of tokens, or <see cref="Mixed"/>: 16 to 480, evenly on a logarithmic scale.</param>
    public static PeerTexts Make(string name, int tokens, ResolvedSettings resolved, string folder)
    {
        var generator = new TextGenerator(resolved, TextKind.Document);
        string[] texts = name == Mixed
            ? MakeMixed(generator, tokens)
            : generator.Generate(int.Parse(name), Math.Max(8, tokens / int.Parse(name)), Seed);
        var made = new PeerTexts(name, texts, [.. texts.Select(generator.Count)], folder);
        string prefix = resolved.PrefixIdOf(TextKind.Document) is int id ? resolved.Tokenizer.IdToToken(id) + " " : "";
        Write(made.File, texts);
        Write(made.PrefixedFile, [.. texts.Select(text => prefix + text)]);
        return made;
    }

    private static string[] MakeMixed(TextGenerator generator, int tokens)
    {
        const double Least = 16, Most = 480;
        var random = new Random(Seed);
        List<string> texts = [];
        for (int left = tokens; left > 0;)
        {
            int length = (int)(Least * Math.Pow(Most / Least, random.NextDouble()));
            texts.Add(generator.Generate(length, 1, Seed + texts.Count)[0]);
            left -= length;
        }

        return [.. texts];
    }

    private static void Write(string file, string[] texts) => System.IO.File.WriteAllText(file, JsonSerializer.Serialize(texts));
}
