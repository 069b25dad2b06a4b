using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization;

/// <summary>What Replace and Split look for: a string or a regular expression. Read in src/tokenizer/pattern.rs and src/utils/onig.rs.</summary>
internal sealed class TextPattern
{
    [ThreadStatic]
    private static List<(int Start, int End)>? spare;

    [ThreadStatic]
    private static int certain;

    private readonly string? literal;
    private readonly OnigRegex? regex;

    private TextPattern(string? literal, OnigRegex? regex) => (this.literal, this.regex) = (literal, regex);

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
        if (text is not null && text.AsString().Length > 0) return new TextPattern(text.AsString(), null);
        // The empty string is found wherever the empty expression is.
        if (text is not null) return new TextPattern(null, OnigRegex.Parse("", text.Path));
        return expression is not null ? new TextPattern(null, OnigRegex.Parse(expression.AsString(), expression.Path)) : throw node.Invalid("must be a String or a Regex");
    }

    /// <summary>Had the text of the last <see cref="FindAll"/> on this thread been longer, the matches that begin before this place would have been the same.</summary>
    public static int CertainBefore => certain;

    // A literal may begin in the text and end behind it.
    private static int FindOpen(ReadOnlySpan<char> text, string literal)
    {
        for (int length = Math.Min(literal.Length - 1, text.Length); length > 0; length--)
        {
            if (text.EndsWith(literal.AsSpan(0, length), StringComparison.Ordinal)) return text.Length - length;
        }

        return text.Length;
    }

    /// <summary>All matches, in a list that is valid until the next call on this thread.</summary>
    public List<(int Start, int End)> FindAll(ReadOnlySpan<char> text)
    {
        List<(int Start, int End)> matches = spare ??= [];
        matches.Clear();
        if (regex is not null)
        {
            using OnigMatches found = regex.EnumerateMatches(text);
            while (found.MoveNext())
                matches.Add((found.Current.Start, found.Current.End));
            certain = found.EndSeenFrom;
            return matches;
        }

        certain = FindOpen(text, literal!);
        for (int from = 0; text[from..].IndexOf(literal, StringComparison.Ordinal) is >= 0 and var at;)
        {
            matches.Add((from + at, from + at + literal!.Length));
            from += at + literal.Length;
        }

        return matches;
    }
}
