using System.Text;

namespace ColbertOnnx.Inputs;

internal sealed partial class DelimitedRecords
{
    private readonly byte[] delimiterBytes = Encoding.UTF8.GetBytes([delimiter]);

    /// <summary>
    /// Goes to the first record that begins at that offset or behind it. Without quotes it goes there at once. With them only what stands
    /// before can say which line ends are inside fields: it is looked through, and nothing of it is decoded.
    /// </summary>
    public void Seek(long offset)
    {
        if (offset <= lines.Position) return;
        if (!isQuoted)
        {
            lines.Seek(offset);
            Number = null;
            return;
        }

        while (lines.Position < offset && lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (line.IsEmpty) continue;
            Number++;
            Pass(line);
        }
    }

    /// <summary>To the end of a record; the same steps as reading its fields.</summary>
    private void Pass(ReadOnlySpan<byte> line)
    {
        if (!line.Contains((byte)'"')) return;
        while (!line.IsEmpty)
        {
            if (line[0] == '"')
            {
                long opened = lines.Line;
                line = PassQuoted(line[1..], opened);
                if (!line.IsEmpty && !line.StartsWith(delimiterBytes))
                {
                    if (opened != lines.Line) throw Misquoted(opened);
                    return;
                }
            }

            int next = line.IndexOf(delimiterBytes);
            if (next < 0) return;
            line = line[(next + delimiterBytes.Length)..];
        }
    }

    /// <summary>What stands behind the closing quote.</summary>
    private ReadOnlySpan<byte> PassQuoted(ReadOnlySpan<byte> line, long opened)
    {
        long bytes = 0;
        while (true)
        {
            int quote = line.IndexOf((byte)'"');
            if (quote >= 0)
            {
                line = line[(quote + 1)..];
                if (!line.StartsWith("\""u8)) return line;
                line = line[1..];
                continue;
            }

            if (!lines.TryRead(out line)) throw Unclosed(opened, "never ends.");
            bytes += line.Length;
            if (bytes > Limits.LongestLine) throw TooLong(opened);
        }
    }
}
