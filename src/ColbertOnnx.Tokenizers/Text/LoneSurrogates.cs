namespace ColbertOnnx.Text;

/// <summary>Halves of surrogate pairs: a .NET string may hold them, no encoding of Unicode can.</summary>
internal static class LoneSurrogates
{
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: it holds one.</exception>
    public static void Refuse(ReadOnlySpan<char> text)
    {
        int from = 0;
        while (from < text.Length)
        {
            int next = text[from..].IndexOfAnyInRange('\uD800', '\uDFFF');
            if (next < 0) return;
            int at = from + next;
            if (at + 1 == text.Length || !char.IsSurrogatePair(text[at], text[at + 1]))
            {
                throw new ColbertException(
                    ColbertErrorId.InputInvalid,
                    FormattableString.Invariant($"The text holds half of a surrogate pair (U+{(int)text[at]:X4}) at position {at}."),
                    Excerpt(text),
                    "Repair the text where it was read or cut: it is not valid Unicode.");
            }

            from = at + 2;
        }
    }

    private static string Excerpt(ReadOnlySpan<char> text) => text.Length <= 80 ? text.ToString() : string.Concat(text[..80], "…");
}
