using System.Text;

namespace ColbertOnnx.Text;

/// <summary>Two methods of Python's str (3.11, Unicode 14.0), which PyLate calls on every text.</summary>
internal static class PythonText
{
    /// <summary>str.strip(): unlike Trim() it takes U+001C to U+001F away.</summary>
    public static ReadOnlySpan<char> Strip(ReadOnlySpan<char> text)
    {
        int start = 0, end = text.Length;
        while (start < end && IsSpace(text[start]))
            start++;
        while (end > start && IsSpace(text[end - 1]))
            end--;
        return text[start..end];
    }

    /// <summary>str.isspace() of a code unit; no space lies beyond U+FFFF.</summary>
    public static bool IsSpace(int c) => c is ' ' or (>= 9 and <= 13) or (>= 0x1C and <= 0x1F) or 0x85 or 0xA0 or 0x1680
        or (>= 0x2000 and <= 0x200A) or 0x2028 or 0x2029 or 0x202F or 0x205F or 0x3000;

    /// <summary>
    /// str.lower(): full mapping, so that "İ" gives two code points, and a sigma at the end of a word becomes its final
    /// form. Returns the given string where nothing changes.
    /// </summary>
    public static string Lower(string text)
    {
        int first = 0;
        while (first < text.Length && text[first] < 0x80 && text[first] is not (>= 'A' and <= 'Z'))
            first++;
        if (first == text.Length)
            return text;
        var lower = new StringBuilder(text.Length + 8).Append(text, 0, first);
        for (int i = first, length; i < text.Length; i += length)
        {
            int cp = CodePoint.At(text, i, out length);
            if (cp < 0x80)
                lower.Append(cp is >= 'A' and <= 'Z' ? (char)(cp + 32) : (char)cp);
            else if (cp == 0x3A3)
                lower.Append(IsFinal(text, i) ? '\u03C2' : '\u03C3');
            else if (cp == 0x130)
                lower.Append("i\u0307");
            else
                CodePoint.Append(lower, cp + CasingData.PythonDistance(cp));
        }
        return lower.ToString();
    }

    // A cased letter before the sigma and none after it, case-ignorable code points skipped.
    private static bool IsFinal(string text, int sigma)
    {
        int i = sigma, length;
        int cp = 0;
        while (i > 0)
        {
            cp = CodePoint.Before(text, i, out length);
            i -= length;
            if (!CasingData.IsCaseIgnorable(cp))
                break;
            cp = 0;
        }
        if (cp == 0 || !CasingData.IsCased(cp))
            return false;
        for (i = sigma + 1; i < text.Length; i += length)
        {
            cp = CodePoint.At(text, i, out length);
            if (!CasingData.IsCaseIgnorable(cp))
                return !CasingData.IsCased(cp);
        }
        return true;
    }
}
