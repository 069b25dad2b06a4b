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
    private bool isLineKnown = true;

    /// <summary>Lines that begin at this offset or behind it are not begun with.</summary>
    public long End { get; init; } = long.MaxValue;

    /// <summary>Number of the line read last, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Offset of the line read last, from where the stream stood.</summary>
    public long Begin { get; private set; }

    /// <summary>Offset of the next line.</summary>
    public long Position { get; private set; }

    /// <summary>Whether all lines were read, so that the next one's number is known.</summary>
    public bool IsCounting => isLineKnown;

    /// <summary>True when the line read last ended with CR LF.</summary>
    public bool EndedWithCarriageReturn { get; private set; }

    public string Location => isLineKnown ? InputErrors.At(source, Line) : InputErrors.AtByte(source, Begin);

    /// <summary>The next line, if it is one of those to begin with.</summary>
    public bool TryBegin(out ReadOnlySpan<byte> line)
    {
        line = default;
        return Position < End && TryRead(out line);
    }

    /// <summary>Goes to the first line that begins at that offset or behind it, without reading those between.</summary>
    public void Seek(long offset)
    {
        if (offset <= Position) return;
        if (Line == 0)
        {
            Fill();
            InputBuffer.CheckEncoding(buffer.AsSpan(start, end - start), source);
        }

        (start, end, ended, isLineKnown, isEncodingSeen) = (0, 0, false, false, true);
        stream.Position = Position = offset - 1;
        // The line that is cut here belongs to the part with its beginning.
        while (!ended && Position < End)
        {
            int found = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            int passed = found < 0 ? end - start : found + 1;
            start += passed;
            Position += passed;
            if (found >= 0) return;
            Fill();
        }
    }

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
                Position++;
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
            bool isAll = Line == 0 && isLineKnown;
            line = Take(searched);
            start = end;
            if (isAll && line.Contains((byte)'\r')) throw InputErrors.CarriageReturns(source);
            return true;
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        // The line of a byte order mark begins with it.
        Begin = Line == 0 && isLineKnown ? 0 : Position;
        Position += length;
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
        if (!InputBuffer.MakeRoom(ref buffer, ref start, ref end))
            throw InputErrors.TooLong(isLineKnown ? InputErrors.At(source, Line + 1) : InputErrors.AtByte(source, Position), "the line");
        int read = InputErrors.Read(stream, buffer.AsSpan(end), source);
        if (read == 0) ended = true;
        bool first = Line == 0 && isLineKnown && end < 4;
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

        Position = start = InputBuffer.ByteOrderMark(buffer.AsSpan(0, end), source);
    }
}
