using System.Globalization;
using ColbertOnnx.Modeling;
using ColbertOnnx.Pipeline;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Diagnostics;

/// <summary>Texts of an exact number of tokens, of words of the model's own vocabulary. The same seed gives the same texts.</summary>
internal sealed class TextGenerator
{
    private const int MostWords = 4096;
    private const int Attempts = 16;

    private readonly ResolvedSettings resolved;
    private readonly TextKind kind;
    private readonly TextPreparation preparation;
    private readonly TokenBuffer buffer = new();
    private readonly int overhead;
    private string[]? words;

    public TextGenerator(ResolvedSettings resolved, TextKind kind)
    {
        this.resolved = resolved;
        this.kind = kind;
        preparation = new TextPreparation(resolved.PromptOf(kind), resolved.LowerCase, resolved.Settings.StripText.Value);
        overhead = Count("");
    }

    /// <summary>
    /// Tokens of a text's sequence as the model gets it, before anything is cut off: prefix and special tokens count, expansion does not.
    /// </summary>
    public int Count(string text)
    {
        resolved.Tokenizer.Encode(preparation.Prepare(text), buffer, new TokenizeOptions());
        return buffer.Count + (resolved.PrefixIdOf(kind) is null ? 0 : 1);
    }

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: no text has this many tokens, or the model cuts
    /// it.</exception>
    public string[] Generate(int tokens, int count, int seed)
    {
        int limit = resolved.LengthOf(kind);
        if (tokens > limit)
        {
            throw Invalid(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Texts of {ShownText.Count(tokens, "token")} are longer than the {limit} that the model takes of a "
                        + $"{TextKinds.NameOf(kind)}."),
                    $"Ask for fewer, or raise the limit with "
                        + $"{(kind == TextKind.Query ? "-QueryLength (--query-length)" : "-DocumentLength (--document-length)")}.");
        }

        if (tokens <= overhead)
            throw Invalid(
                $"Texts of {ShownText.Count(tokens, "token")} are too short: prefix and special tokens alone are {overhead}.",
                "Ask for more.");
        words ??= FindWords();
        var random = new Random(seed);
        string[] texts = new string[count];
        for (int i = 0; i < count; i++) texts[i] = One(tokens, random);
        return texts;
    }

    private string One(int tokens, Random random)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            List<string> chosen = [.. Enumerable.Range(0, tokens - overhead).Select(_ => Pick(random))];
            // Mostly right at once; where neighbours merge or a text's beginning costs a token of its own, a few words more or fewer are.
            for (int step = 0; step < Attempts; step++)
            {
                string text = string.Join(' ', chosen);
                int off = tokens - Count(text);
                if (off == 0) return text;
                if (off > 0) chosen.AddRange(Enumerable.Range(0, off).Select(_ => Pick(random)));
                else chosen.RemoveRange(Math.Max(0, chosen.Count + off), Math.Min(chosen.Count, -off));
            }
        }

        throw Invalid(
            FormattableString.Invariant($"No text of exactly {tokens} tokens was found in this vocabulary."), "Give texts of your own.");
    }

    private string Pick(Random random) => words!.Length > 0
        ? words[random.Next(words.Length)]
        : throw Invalid("This vocabulary has no word that is one token.", "Give texts of your own.");

    /// <summary>Pieces that stand for a word: alone they are one token, and twice they are two.</summary>
    private string[] FindWords()
    {
        List<string> found = [];
        int misses = 0;
        for (int id = 0; found.Count < MostWords && misses < MostWords; id++)
        {
            if (resolved.Tokenizer.IdToToken(id) is not { } piece)
            {
                misses++;
                continue;
            }

            // The marks of a word's beginning in byte-level BPE and in SentencePiece.
            string word = piece.TrimStart('\u0120', '\u2581');
            if (word.Length > 0 && word.All(char.IsLetter) && Count(word) == overhead + 1 && Count($"{word} {word}") == overhead + 2)
                found.Add(word);
        }

        return [.. found.Distinct(StringComparer.Ordinal)];
    }

    private static ColbertException Invalid(string message, string action) =>
        new(ColbertErrorId.InputInvalid, message, "TokenCount", action);
}
