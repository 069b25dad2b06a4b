using System.Text;

namespace ColbertOnnx.Inputs;

/// <summary>CSV and TSV by RFC 4180: a header line, quotes around what holds a delimiter, a quote or a line break, quotes doubled inside.</summary>
internal static class DelimitedReader
{
    public static IEnumerable<InputItem> Read(Stream stream, string source, InputOptions options, char delimiter)
    {
        var lines = new Utf8LineReader(stream, source);
        var fields = new List<string>();
        if (!TryReadRecord(lines, source, delimiter, fields, out _)) yield break;
        int text = fields.IndexOf(options.TextField);
        int id = fields.IndexOf(options.IdField);
        if (text < 0)
        {
            throw InputErrors.Invalid(InputErrors.At(source, 1), $"there is no column '{options.TextField}' among {string.Join(", ", fields.Select(f => $"'{f}'"))}.",
                $"Name the column of the text with {options.TextFieldOption}.");
        }

        while (TryReadRecord(lines, source, delimiter, fields, out long line))
        {
            string location = InputErrors.At(source, line);
            string? name = id >= 0 && id < fields.Count ? fields[id] : null;
            yield return text < fields.Count
                ? new InputItem(fields[text], name, location)
                : new InputItem("", name, location, InputErrors.NoText(location, options.TextField, options.TextFieldOption));
        }
    }

    /// <summary>The next record that is not a blank line, and the line that it begins on.</summary>
    private static bool TryReadRecord(Utf8LineReader lines, string source, char delimiter, List<string> fields, out long first)
    {
        fields.Clear();
        first = 0;
        var quoted = new StringBuilder();
        while (lines.TryRead(out ReadOnlySpan<byte> bytes))
        {
            if (bytes.IsEmpty) continue;
            first = lines.Line;
            string line = StrictUtf8.Decode(bytes, lines.Location);
            int at = 0;
            while (true)
            {
                if (at < line.Length && line[at] == '"')
                {
                    line = ReadQuoted(lines, source, line, ref at, quoted.Clear());
                    fields.Add(quoted.ToString());
                    if (at < line.Length && line[at] != delimiter)
                        throw InputErrors.Invalid(lines.Location, "a closing quote stands inside a field.", "Double the quotes inside quoted fields.");
                }
                else
                {
                    int next = line.IndexOf(delimiter, at);
                    int end = next < 0 ? line.Length : next;
                    fields.Add(line[at..end]);
                    at = end;
                }

                if (at >= line.Length) return true;
                at++;
            }
        }

        return false;
    }

    /// <summary>Reads from an opening quote to behind its closing one, across lines; gives the line that it ended on.</summary>
    private static string ReadQuoted(Utf8LineReader lines, string source, string line, ref int at, StringBuilder field)
    {
        long opened = lines.Line;
        at++;
        while (true)
        {
            int quote = line.IndexOf('"', at);
            if (quote < 0)
            {
                field.Append(line, at, line.Length - at).Append(lines.EndedWithCarriageReturn ? "\r\n" : "\n");
                if (!lines.TryRead(out ReadOnlySpan<byte> bytes))
                    throw InputErrors.Invalid(InputErrors.At(source, opened), "a quoted field begins here and never ends.", "Close the quote.");
                line = StrictUtf8.Decode(bytes, lines.Location);
                at = 0;
                continue;
            }

            field.Append(line, at, quote - at);
            at = quote + 1;
            if (at >= line.Length || line[at] != '"') return line;
            field.Append('"');
            at++;
        }
    }
}
