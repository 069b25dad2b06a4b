using System.Runtime.CompilerServices;
using System.Text;

namespace ColbertOnnx.Text;

/// <summary>Code points in UTF-16. A lone surrogate is a code point of its own.</summary>
internal static class CodePoint
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int At(ReadOnlySpan<char> text, int index, out int length)
    {
        int c = text[index];
        length = 1;
        if ((c & 0xFC00) != 0xD800 || index + 1 >= text.Length || (text[index + 1] & 0xFC00) != 0xDC00)
            return c;
        length = 2;
        return ((c - 0xD800) << 10) + text[index + 1] - 0xDC00 + 0x10000;
    }

    /// <summary>The code point that ends where <paramref name="index"/> points.</summary>
    public static int Before(ReadOnlySpan<char> text, int index, out int length)
    {
        int c = text[index - 1];
        length = 1;
        if ((c & 0xFC00) != 0xDC00 || index < 2 || (text[index - 2] & 0xFC00) != 0xD800)
            return c;
        length = 2;
        return ((text[index - 2] - 0xD800) << 10) + c - 0xDC00 + 0x10000;
    }

    public static void Append(StringBuilder text, int cp)
    {
        if (cp < 0x10000)
        {
            text.Append((char)cp);
            return;
        }
        text.Append((char)(0xD7C0 + (cp >> 10))).Append((char)(0xDC00 | (cp & 0x3FF)));
    }

    /// <summary>How many bytes the code point takes in UTF-8.</summary>
    public static int Utf8Length(int cp) => cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
}
