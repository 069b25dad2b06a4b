namespace ColbertOnnx.Inputs;

/// <summary>The buffer of a reader: what is not consumed moves to its front, and it grows to the longest record.</summary>
internal static class InputBuffer
{
    /// <summary>What a buffer begins with; doubled again and again it comes to <see cref="Limits.LongestLine"/>.</summary>
    public const int Least = 64 * 1024;

    // This many bytes say what encoding a text is in.
    private const int Head = 64;

    /// <summary>
    /// Makes room behind <paramref name="end"/>; false when the buffer has <see cref="Limits.LongestLine"/> bytes and all are needed.
    /// </summary>
    public static bool MakeRoom(ref byte[] buffer, ref int start, ref int end)
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            start = 0;
        }

        if (end == buffer.Length && buffer.Length < Limits.LongestLine)
            Array.Resize(ref buffer, Math.Min(buffer.Length * 2, Limits.LongestLine));
        return end < buffer.Length;
    }

    /// <summary>Bytes of a byte order mark at the head of an input: 3 or 0.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: the mark is of another encoding, or the text looks
    /// like one.</exception>
    public static int Begin(ReadOnlySpan<byte> head, string source)
    {
        int mark = ByteOrderMark(head, source);
        CheckEncoding(head[mark..], source);
        return mark;
    }

    /// <summary>The same without a look at the text.</summary>
    public static int ByteOrderMark(ReadOnlySpan<byte> head, string source)
    {
        if (head.StartsWith("\uFEFF"u8)) return 3;
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE, 0, 0]) || head.StartsWith((ReadOnlySpan<byte>)[0, 0, 0xFE, 0xFF]))
            throw InputErrors.OtherEncoding(source, "is UTF-32");
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            throw InputErrors.OtherEncoding(source, "is UTF-16");
        return 0;
    }

    /// <summary>
    /// Letters of the West have a NUL before or behind them in UTF-16, and three in UTF-32; as UTF-8 that would be a text full of NULs.
    /// </summary>
    public static void CheckEncoding(ReadOnlySpan<byte> text, string source)
    {
        ReadOnlySpan<byte> head = text[..Math.Min(text.Length, Head)];
        if (!head.Contains((byte)0)) return;
        Span<int> zeros = [0, 0, 0, 0];
        for (int i = 0; i < head.Length; i++)
            if (head[i] == 0) zeros[i & 3]++;
        int quarter = Math.Max(1, head.Length / 4), even = zeros[0] + zeros[2], odd = zeros[1] + zeros[3], full = 0;
        foreach (int count in zeros)
            if (count >= quarter) full++;
        if (full >= 3) throw InputErrors.OtherEncoding(source, "looks like UTF-32");
        if ((even == 0 && odd >= quarter && head.Length % 2 == 0) || (odd == 0 && even >= quarter))
            throw InputErrors.OtherEncoding(source, "looks like UTF-16");
    }
}
