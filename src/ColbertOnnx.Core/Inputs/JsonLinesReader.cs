using System.Text.Json;
using System.Text.Unicode;

namespace ColbertOnnx.Inputs;

internal static class JsonLinesReader
{
    public static IEnumerable<InputItem> Read(Stream stream, string source, InputOptions options, ByteRange range)
    {
        var lines = new Utf8LineReader(stream, source) { End = range.End };
        bool isFirst = true;
        int broken = 0;
        while (true)
        {
            // The first record says whether the fields have the right names, to the reader of any part.
            if (!isFirst) lines.Seek(range.Begin);
            if (!TryRead(lines, options, isFirst, out InputItem item, out bool isJson)) yield break;
            if (lines.Begin >= range.Begin) yield return item;
            isFirst &= !isJson;
            // A line that is broken costs one text. A file that has nothing else is not JSON Lines.
            if (isFirst && ++broken == Limits.MostBrokenLines)
                throw InputErrors.Invalid(
                    lines.Location,
                    FormattableString.Invariant($"none of the first {broken} lines is JSON (the limit MostBrokenLines)."),
                    "Name the input's format.");
        }
    }

    /// <summary>The next line that is not blank.</summary>
    private static bool TryRead(Utf8LineReader lines, InputOptions options, bool isFirst, out InputItem item, out bool isJson)
    {
        while (lines.TryBegin(out ReadOnlySpan<byte> line))
        {
            if (line.Trim(" \t\r"u8).IsEmpty) continue;
            item = Read(line, lines.Location, options, isFirst, out isJson);
            return true;
        }

        (item, isJson) = (default, false);
        return false;
    }

    private static InputItem Read(ReadOnlySpan<byte> line, string location, InputOptions options, bool isFirst, out bool isJson)
    {
        isJson = false;
        if (!Utf8.IsValid(line)) return new InputItem("", null, location, InputErrors.NotUtf8(location));
        try
        {
            var reader = new Utf8JsonReader(line, JsonText.ReaderOptions);
            reader.Read();
            JsonText.TryRead(ref reader, line, options, location, isFirst, out InputItem item);
            // Anything behind the value throws.
            reader.Read();
            isJson = true;
            return item;
        }
        catch (JsonException error)
        {
            return new InputItem("", null, location, InputErrors.NotJson(location, error));
        }
    }
}
