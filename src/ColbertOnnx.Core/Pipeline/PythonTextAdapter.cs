namespace ColbertOnnx.Pipeline;

/// <summary>Stands in for the Unicode room's own tables.</summary>
internal static class PythonTextAdapter
{
    private static readonly System.Buffers.SearchValues<char> Blanks = System.Buffers.SearchValues.Create(
        "\t\n\v\f\r\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000");

    public static ReadOnlySpan<char> Strip(ReadOnlySpan<char> text, out int start)
    {
        start = text.IndexOfAnyExcept(Blanks);
        if (start < 0)
        {
            start = 0;
            return [];
        }

        return text[start..(text.LastIndexOfAnyExcept(Blanks) + 1)];
    }

    public static string Lower(ReadOnlySpan<char> text) => text.ToString().ToLowerInvariant();
}
