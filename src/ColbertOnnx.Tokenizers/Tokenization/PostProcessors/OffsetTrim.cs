using System.Buffers;
using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.PostProcessors;

/// <summary>
/// Takes the blanks of a token's spelling off its offsets. <paramref name="IsFirst"/>: the text's first token is also the
/// encoding's first, so that one blank which the pre-tokenizer put in front stays. Read in process_offsets of
/// src/pre_tokenizers/byte_level.rs; it counts code points.
/// </summary>
internal readonly record struct OffsetTrim(bool AddPrefixSpace, bool IsFirst)
{
    // With what ByteLevel makes of a blank.
    private static readonly SearchValues<char> Blanks =
        SearchValues.Create(
        [
            .. Enumerable.Range(0, 0x10000).Where(c => c == '\u0120' || UnicodeData.IsWhitespace(c)).Select(c => (char)c),
        ]);

    public (int Start, int End) Apply(ReadOnlySpan<char> text, ReadOnlySpan<char> spelling, int index, int start, int end)
    {
        int word = spelling.IndexOfAnyExcept(Blanks);
        int leading = word < 0 ? spelling.Length : word, trailing = spelling.Length - 1 - spelling.LastIndexOfAnyExcept(Blanks);
        bool isFirst = (IsFirst && index == 0) || start == 0;
        if (isFirst && AddPrefixSpace && leading == 1) leading = 0;
        if (leading >= end - start) start = end;
        for (; leading > 0 && start < end; leading--)
            start += char.IsHighSurrogate(text[start]) && start + 1 < text.Length ? 2 : 1;
        start = Math.Min(start, end);
        int back = end;
        if (trailing <= back && !text.Slice(back - trailing, trailing).ContainsAnyInRange('\uD800', '\uDFFF'))
            (back, trailing) = (back - trailing, 0);
        for (; trailing > 0 && back > 0; trailing--)
            back -= back > 1 && char.IsLowSurrogate(text[back - 1]) && char.IsHighSurrogate(text[back - 2]) ? 2 : 1;
        // More blanks than text: the original leaves the end where it is.
        return (start, trailing > 0 ? end : Math.Max(back, start));
    }
}
