namespace ColbertOnnx.Inputs;

/// <summary>
/// Lines of a stream as bytes, without their end (LF or CR LF). The buffer grows to the longest line and is reused;
/// a byte order mark is skipped.
/// </summary>
internal sealed class Utf8LineReader(Stream stream, string source)
{
    private byte[] buffer = new byte[InputBuffer.Least];
    private int start;
    private int end;
    private bool ended;
    private bool isEncodingSeen;

    /// <summary>Number of the line read last, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>True when the line read last ended with CR LF.</summary>
    public bool EndedWithCarriageReturn { get; private set; }

    public string Location => InputErrors.At(source, Line);

    /// <summary>The next line; it holds until the next call.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        int searched = 0;
        while (true)
        {
            int found = buffer.AsSpan(start + searched, end - start - searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                int length = searched + found;
                line = Take(length);
                start += length + 1;
                return true;
            }

            searched = end - start;
            if (!ended)
            {
                Fill();
                continue;
            }

            line = default;
            if (searched == 0) return false;
            bool isAll = Line == 0;
            line = Take(searched);
            start = end;
            if (isAll && line.Contains((byte)'\r')) throw InputErrors.CarriageReturns(source);
            return true;
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        Line++;
        ReadOnlySpan<byte> line = buffer.AsSpan(start, length);
        if (!isEncodingSeen)
        {
            InputBuffer.CheckEncoding(line, source);
            isEncodingSeen = length > 0;
        }

        EndedWithCarriageReturn = line.EndsWith("\r"u8);
        return EndedWithCarriageReturn ? line[..^1] : line;
    }

    private void Fill()
    {
        if (!InputBuffer.MakeRoom(ref buffer, ref start, ref end)) throw InputErrors.TooLong(InputErrors.At(source, Line + 1), "the line");
        int read = InputErrors.Read(stream, buffer.AsSpan(end), source);
        if (read == 0) ended = true;
        bool first = Line == 0 && end < 4;
        end += read;
        if (first) SkipByteOrderMark();
    }

    private void SkipByteOrderMark()
    {
        // The mark may come in pieces through a pipe.
        while (!ended && end < 4 && buffer[0] is 0xEF or 0xFE or 0xFF or 0)
        {
            if (buffer[0] == 0xEF && end >= 3) break;
            int read = InputErrors.Read(stream, buffer.AsSpan(end, 4 - end), source);
            if (read == 0) ended = true;
            end += read;
        }

        start = InputBuffer.ByteOrderMark(buffer.AsSpan(0, end), source);
    }
}
