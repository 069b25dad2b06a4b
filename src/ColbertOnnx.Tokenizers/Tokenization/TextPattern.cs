using ColbertOnnx.Text;
using ColbertOnnx.Text.Expressions;

namespace ColbertOnnx.Tokenization;

/// <summary>
/// What Replace and Split look for: a string or a regular expression. Read in src/tokenizer/pattern.rs and src/utils/onig.rs.
/// </summary>
internal sealed class TextPattern
{
    [ThreadStatic]
    private static List<(int Start, int End)>? spare;

    [ThreadStatic]
    private static int certain;

    private readonly LiteralSearch? literal;
    private readonly OnigRegex? regex;

    private TextPattern(LiteralSearch? literal, OnigRegex? regex) => (this.literal, this.regex) = (literal, regex);

    public static TextPattern Read(TokenizerNode node)
    {
        TokenizerNode? text = node.Find("String"), expression = node.Find("Regex");
        node.Finish();
        try
        {
            return Read(node, text, expression);
        }
        catch (ColbertException e) when (e.Target == (text ?? expression)?.Path)
        {
            throw node.WithSource(e);
        }
    }

    private static TextPattern Read(TokenizerNode node, TokenizerNode? text, TokenizerNode? expression)
    {
        if (text is not null && expression is not null) throw node.Invalid("must be a String or a Regex, not both");
        if (text is not null && text.AsString().Length > 0)
            return new TextPattern(new LiteralSearch(text.AsString(Limits.PatternLength, nameof(Limits.PatternLength))), null);
        // The empty string is found wherever the empty expression is.
        if (text is not null) return new TextPattern(null, OnigRegex.Parse("", text.Path));
        return expression is not null
            ? new TextPattern(
                null, OnigRegex.Parse(expression.AsString(Limits.PatternLength, nameof(Limits.PatternLength)), expression.Path))
            : throw node.Invalid("must be a String or a Regex");
    }

    /// <summary>
    /// Had the text of the last <see cref="FindAll"/> on this thread been longer, the matches that begin before this place would have been
    /// the same.
    /// </summary>
    public static int CertainBefore => certain;

    /// <summary>All matches, in a list that is valid until the next call on this thread.</summary>
    public List<(int Start, int End)> FindAll(ReadOnlySpan<char> text, TextGuard guard)
    {
        List<(int Start, int End)> matches = spare ??= [];
        matches.Clear();
        if (regex is not null)
        {
            using OnigMatches found = regex.EnumerateMatches(text, guard);
            for (int look = TextGuard.Stride; found.MoveNext();)
            {
                if (found.Current.End >= look) look = guard.Look(found.Current.End);
                matches.Add((found.Current.Start, found.Current.End));
            }

            certain = found.EndSeenFrom;
            return matches;
        }

        certain = literal!.FindOpen(text, guard);
        for (int from = 0, look = TextGuard.Stride; literal.Find(text, from, guard) is >= 0 and var at;)
        {
            if (at >= look) look = guard.Look(at);
            from = at + literal.Length;
            matches.Add((at, from));
        }

        return matches;
    }
}
