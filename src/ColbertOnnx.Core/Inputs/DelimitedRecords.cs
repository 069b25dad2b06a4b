using System.Text;

namespace ColbertOnnx.Inputs;

/// <summary>
/// Records of CSV or TSV, a list of fields each. Quoted (RFC 4180): quotes around what holds a delimiter, a quote or a line break, quotes
/// doubled inside. Otherwise a record is a line and a quote is a character as any other.
/// </summary>
internal sealed partial class DelimitedRecords(Stream stream, string source, char delimiter, bool isQuoted, ByteRange range)
{
    private readonly Utf8LineReader lines = new(stream, source) { End = range.End };
    private readonly StringBuilder quoted = new();

    public List<string> Fields { get; } = [];

    /// <summary>Where the record begins.</summary>
    public string Location { get; private set; } = "";

    /// <summary>Offset of the record.</summary>
    public long Begin { get; private set; }

    /// <summary>Which record it is, from 1, the header included; null: those before were not counted.</summary>
    public long? Number { get; private set; } = 0;

    /// <summary>Why this record cannot be used though the next one can; null: it can.</summary>
    public ColbertException? Error { get; private set; }

    /// <summary>The next record; blank lines are passed over.</summary>
    public bool TryRead()
    {
        Fields.Clear();
        Error = null;
        while (lines.TryBegin(out ReadOnlySpan<byte> bytes))
        {
            if (bytes.IsEmpty) continue;
            (Location, Begin, Number) = (lines.Location, lines.Begin, Number + 1);
            ReadFields(StrictUtf8.Decode(bytes, lines.Location));
            return true;
        }

        return false;
    }

    private void ReadFields(string line)
    {
        int at = 0;
        while (true)
        {
            if (Fields.Count == Limits.MostColumns)
                throw InputErrors.Invalid(
                    Location,
                    FormattableString.Invariant($"the row has more than {Limits.MostColumns} fields (the limit MostColumns)."),
                    "Name the right delimiter.");
            if (isQuoted && at < line.Length && line[at] == '"')
            {
                long opened = lines.Line;
                line = ReadQuoted(line, ref at);
                Fields.Add(quoted.ToString());
                if (at < line.Length && line[at] != delimiter)
                {
                    Error = Misquoted(opened);
                    // Which text is quoted and which is not is unknown from here on, unless it is all one line.
                    if (opened != lines.Line) throw Error;
                    return;
                }
            }
            else
            {
                int next = line.IndexOf(delimiter, at);
                int end = next < 0 ? line.Length : next;
                Fields.Add(line[at..end]);
                at = end;
            }

            if (at >= line.Length) return;
            at++;
        }
    }

    /// <summary>Reads from an opening quote to behind its closing one, across lines; gives the line that it ended on.</summary>
    private string ReadQuoted(string line, ref int at)
    {
        long opened = lines.Line, bytes = 0;
        quoted.Clear();
        at++;
        while (true)
        {
            int quote = line.IndexOf('"', at);
            if (quote < 0)
            {
                quoted.Append(line, at, line.Length - at).Append(lines.EndedWithCarriageReturn ? "\r\n" : "\n");
                if (!lines.TryRead(out ReadOnlySpan<byte> more)) throw Unclosed(opened, "never ends.");
                bytes += more.Length;
                if (bytes > Limits.LongestLine) throw TooLong(opened);
                line = StrictUtf8.Decode(more, lines.Location);
                at = 0;
                continue;
            }

            quoted.Append(line, at, quote - at);
            at = quote + 1;
            if (at >= line.Length || line[at] != '"') return line;
            quoted.Append('"');
            at++;
        }
    }

    private ColbertException TooLong(long opened) =>
        Unclosed(opened, FormattableString.Invariant($"has not ended after {Limits.LongestLine} bytes (the limit LongestLine)."));

    private ColbertException Unclosed(long opened, string what) =>
        InputErrors.Invalid(
            InputErrors.At(source, opened), $"a quoted field begins here and {what}",
            "Close the quote, or double it where it is part of the text.");

    private ColbertException Misquoted(long opened) => InputErrors.Invalid(
        InputErrors.At(source, opened),
        opened == lines.Line
            ? "a closing quote stands inside a field."
            : FormattableString.Invariant($"the quote that opens here is closed in line {lines.Line}, inside a field."),
        "Double the quotes inside quoted fields.");
}
