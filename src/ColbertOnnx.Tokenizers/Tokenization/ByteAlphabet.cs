namespace ColbertOnnx.Tokenization;

/// <summary>
/// The characters that stand for bytes in byte-level vocabularies (GPT-2's): printable ones are themselves, the others follow from U+0100.
/// </summary>
internal static class ByteAlphabet
{
    private static readonly char[] Chars = Make();

    // -1: stands for none.
    private static readonly short[] Bytes = MakeBytes();

    public static char Of(byte value) => Chars[value];

    /// <summary>Writes the UTF-8 bytes of a code point and returns how many there are.</summary>
    public static int Encode(int cp, Span<char> to)
    {
        switch (cp)
        {
            case < 0x80:
                to[0] = Chars[cp];
                return 1;
            case < 0x800:
                to[0] = Chars[0xC0 | cp >> 6];
                to[1] = Chars[0x80 | cp & 0x3F];
                return 2;
            case < 0x10000:
                to[0] = Chars[0xE0 | cp >> 12];
                to[1] = Chars[0x80 | cp >> 6 & 0x3F];
                to[2] = Chars[0x80 | cp & 0x3F];
                return 3;
            default:
                to[0] = Chars[0xF0 | cp >> 18];
                to[1] = Chars[0x80 | cp >> 12 & 0x3F];
                to[2] = Chars[0x80 | cp >> 6 & 0x3F];
                to[3] = Chars[0x80 | cp & 0x3F];
                return 4;
        }
    }

    /// <summary>The byte that a character stands for.</summary>
    public static bool TryGetByte(char c, out byte value)
    {
        value = c < Bytes.Length ? (byte)Bytes[c] : (byte)0;
        return c < Bytes.Length && Bytes[c] >= 0;
    }

    private static short[] MakeBytes()
    {
        var bytes = new short[Chars.Max() + 1];
        Array.Fill(bytes, (short)-1);
        for (int b = 0; b < Chars.Length; b++) bytes[Chars[b]] = (short)b;
        return bytes;
    }

    private static char[] Make()
    {
        var chars = new char[256];
        int other = 0x100;
        for (int b = 0; b < chars.Length; b++)
            chars[b] = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE ? (char)b : (char)other++;
        return chars;
    }
}
