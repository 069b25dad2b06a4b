namespace ColbertOnnx.Text;

/// <summary>
/// Finds a string in a text, and what of it the text ends with. Long strings by the algorithm of Knuth, Morris and Pratt: a text that
/// begins like the string again and again costs no more than any other.
/// </summary>
internal sealed class LiteralSearch
{
    // Shorter ones are found by the machine's wide compares.
    private const int Short = 16;

    private readonly string literal;

    // For each length of a beginning: the length of the longest beginning that also ends it.
    private readonly int[] borders;

    public LiteralSearch(string literal)
    {
        this.literal = literal;
        borders = new int[literal.Length + 1];
        for (int i = 1, matched = 0; i < literal.Length; i++)
        {
            while (matched > 0 && literal[i] != literal[matched]) matched = borders[matched];
            if (literal[i] == literal[matched]) matched++;
            borders[i + 1] = matched;
        }
    }

    public int Length => literal.Length;

    /// <summary>Where the next one begins at or after <paramref name="from"/>, or -1.</summary>
    public int Find(ReadOnlySpan<char> text, int from, TextGuard guard)
    {
        if (literal.Length <= Short)
        {
            int found = text[from..].IndexOf(literal, StringComparison.Ordinal);
            return found < 0 ? -1 : from + found;
        }

        int end = Walk(text, from, guard, out int matched);
        return matched == literal.Length ? end - literal.Length : -1;
    }

    /// <summary>Where the text's end begins that could be the beginning of one; its length where there is none.</summary>
    public int FindOpen(ReadOnlySpan<char> text, TextGuard guard)
    {
        if (literal.Length == 1) return text.Length;
        Walk(text, Math.Max(0, text.Length - literal.Length + 1), guard, out int matched);
        return text.Length - matched;
    }

    private int Walk(ReadOnlySpan<char> text, int from, TextGuard guard, out int matched)
    {
        matched = 0;
        int at = from;
        for (int look = from; at < text.Length && matched < literal.Length; at++)
        {
            if (at >= look) look = guard.Look(at);
            while (matched > 0 && text[at] != literal[matched]) matched = borders[matched];
            if (text[at] == literal[matched]) matched++;
        }

        guard.Count(at - from);
        return at;
    }
}
