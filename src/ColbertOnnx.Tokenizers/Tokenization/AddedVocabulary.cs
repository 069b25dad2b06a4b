using System.Diagnostics.CodeAnalysis;
using ColbertOnnx.Text;
using ColbertOnnx.Tokenization.Models;
using ColbertOnnx.Tokenization.Normalizers;

namespace ColbertOnnx.Tokenization;

/// <summary>
/// The added tokens: those that are not normalized are cut out of the text, the rest of it is normalized, and there the
/// others are looked for, in their normalized form. Read in tokenizers' src/tokenizer/added_vocabulary.rs (0.23).
/// </summary>
internal sealed class AddedVocabulary
{
    private readonly Dictionary<string, int> ids = new(StringComparer.Ordinal);
    private readonly Dictionary<int, AddedToken> tokens = [];
    private readonly Dictionary<int, string> decoded = [];
    private readonly HashSet<string> specials = new(StringComparer.Ordinal);
    private readonly PatternTrie raw, normalized;

    public AddedVocabulary(AddedVocabulary? before, IEnumerable<AddedToken> added, Model model, Normalizer? normalizer)
    {
        if (before is not null)
        {
            ids = new(before.ids, StringComparer.Ordinal);
            tokens = new(before.tokens);
            specials = new(before.specials, StringComparer.Ordinal);
        }

        int next = Math.Max(model.VocabularySize, tokens.Count == 0 ? 0 : tokens.Keys.Max() + 1);
        foreach (AddedToken token in added)
        {
            if (token.Content.Length == 0) continue;
            if (token.Content.Length > Limits.AddedTokenLength) throw TooLong(token);
            if (!TryGetId(token.Content, model, out int id)) id = next++;
            ids[token.Content] = id;
            // One that comes again keeps its place and takes the new flags.
            tokens[id] = token;
            if (token.Special) specials.Add(token.Content);
        }

        List<(string, int)> rawPatterns = [], normalizedPatterns = [];
        var guard = new TextGuard();
        var text = new NormalizedText(guard);
        int characters = 0;
        foreach ((int id, AddedToken token) in tokens.OrderByDescending(pair => pair.Value.Special))
        {
            string pattern = token.Normalized ? Normalize(token, normalizer, text, guard) : token.Content;
            if (pattern != token.Content) decoded[id] = pattern;
            (token.Normalized ? normalizedPatterns : rawPatterns).Add((pattern, id));
            characters += pattern.Length;
            if (characters > Limits.AddedTokenCharacters)
                throw Unsupported(
                    FormattableString.Invariant($"The added tokens are more than {Limits.AddedTokenCharacters:N0} characters in all"),
                    nameof(Limits.AddedTokenCharacters), null);
        }

        raw = new PatternTrie(rawPatterns);
        normalized = new PatternTrie(normalizedPatterns);
    }

    /// <summary>What is looked for in the text as it was given.</summary>
    public PatternTrie Raw => raw;

    /// <summary>What is looked for in the normalized text.</summary>
    public PatternTrie Normalized => normalized;

    /// <summary>Ids of all added tokens, pieces of the model among them.</summary>
    public IEnumerable<int> Ids => tokens.Keys;

    /// <summary>What decoding makes of an added token: its normalized form, as the original does.</summary>
    public bool TryGetDecoded(int id, [NotNullWhen(true)] out string? token) =>
        decoded.TryGetValue(id, out token) || TryGetToken(id, out token);

    /// <summary>Whether decoding may leave a token out. The original asks with the form that it decodes.</summary>
    public bool IsSpecial(string token) => specials.Contains(token);

    public bool TryGetId(string token, Model model, out int id)
    {
        if (ids.TryGetValue(token, out id)) return true;
        id = model.TokenToId(token);
        return id >= 0;
    }

    public bool TryGetToken(int id, [NotNullWhen(true)] out string? token)
    {
        token = tokens.TryGetValue(id, out AddedToken? added) ? added.Content : null;
        return token is not null;
    }

    /// <summary>Splits a text at added tokens. The pieces may overlap where whitespace belongs to two tokens, as in the original.</summary>
    public void Split(ReadOnlySpan<char> text, PatternTrie trie, List<Piece> pieces, TextGuard guard)
    {
        pieces.Clear();
        int done = 0, from = 0, spacesEnd = 0, look = TextGuard.Stride;
        var search = new PatternSearch(trie, text, guard);
        while (!trie.IsEmpty && search.Find(from, out int start, out int end, out int id))
        {
            if (start >= look) look = guard.Look(start);
            from = end;
            AddedToken token = tokens[id];
            if (token.SingleWord && (TouchesLeft(text, start) || TouchesRight(text, end))) continue;
            if (token.LStrip) start = Math.Max(SpacesBefore(text, start, done), done);
            // A token that is whitespace itself comes again and again in the same run.
            if (token.RStrip) end = spacesEnd = end <= spacesEnd ? spacesEnd : SpacesAfter(text, end);
            if (done < start) pieces.Add(new Piece(done, start - done, Piece.NoToken));
            pieces.Add(new Piece(start, end - start, id));
            done = end;
        }

        if (done != text.Length) pieces.Add(new Piece(done, text.Length - done, Piece.NoToken));
    }

    private static string Normalize(AddedToken token, Normalizer? normalizer, NormalizedText text, TextGuard guard)
    {
        guard.Begin(token.Content.Length, Limits.AddedTokenLength, CancellationToken.None);
        try
        {
            text.Load(token.Content, 0, tracked: false);
            normalizer?.Normalize(text);
            return text.Chars.ToString();
        }
        catch (ColbertException e) when (e.Id == ColbertErrorId.InputInvalid)
        {
            throw TooLong(token, e);
        }
    }

    private static ColbertException TooLong(AddedToken token, Exception? inner = null)
    {
        string start = token.Content.Length > 40 ? token.Content[..40] + "..." : token.Content;
        return Unsupported(
            FormattableString.Invariant(
                $"The added token '{start}' is longer than {Limits.AddedTokenLength:N0} characters, or becomes so by the normalizer"),
            nameof(Limits.AddedTokenLength), inner);
    }

    private static ColbertException Unsupported(string what, string limit, Exception? inner) =>
        new(
            ColbertErrorId.TokenizerUnsupported, $"{what} (the limit {limit}).", null,
            "Look at 'added_tokens' and 'normalizer' of tokenizer.json.", inner);

    private static bool TouchesLeft(ReadOnlySpan<char> text, int start) =>
        start > 0 && UnicodeData.IsWord(CodePoint.Before(text, start, out _));

    private static bool TouchesRight(ReadOnlySpan<char> text, int end) =>
        end < text.Length && UnicodeData.IsWord(CodePoint.At(text, end, out _));

    // All whitespace is in the basic plane.
    private static int SpacesBefore(ReadOnlySpan<char> text, int start, int least)
    {
        while (start > least && UnicodeData.IsWhitespace(text[start - 1])) start--;
        return start;
    }

    private static int SpacesAfter(ReadOnlySpan<char> text, int end)
    {
        while (end < text.Length && UnicodeData.IsWhitespace(text[end])) end++;
        return end;
    }
}
