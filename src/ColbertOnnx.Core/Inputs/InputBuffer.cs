namespace ColbertOnnx.Inputs;

/// <summary>The buffer of a reader: what is not consumed moves to its front, and it grows to the longest record.</summary>
internal static class InputBuffer
{
    /// <summary>Makes room behind <paramref name="end"/>; false when the buffer cannot grow any more (2 GB).</summary>
    public static bool MakeRoom(ref byte[] buffer, ref int start, ref int end)
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            start = 0;
        }

        if (end == buffer.Length) Array.Resize(ref buffer, (int)Math.Min((long)buffer.Length * 2, Array.MaxLength));
        return end < buffer.Length;
    }

    /// <summary>Bytes of a byte order mark at the head of an input: 3 or 0.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: the mark of UTF-16.</exception>
    public static int ByteOrderMark(ReadOnlySpan<byte> head, string source)
    {
        if (head.StartsWith("\uFEFF"u8)) return 3;
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])) throw InputErrors.Utf16(source);
        return 0;
    }
}
