using System.Text.Json;
using System.Text.Unicode;

namespace ColbertOnnx.Inputs;

internal static class JsonLinesReader
{
    public static IEnumerable<InputItem> Read(Stream stream, string source, InputOptions options)
    {
        var lines = new Utf8LineReader(stream, source);
        bool first = true;
        while (Next(lines, options) is { } item)
        {
            // A first record without the field is a wrong field name, not a bad text.
            if (first && item.Error is { } error && error.Message.Contains("there is no text", StringComparison.Ordinal)) throw error;
            first = false;
            yield return item;
        }
    }

    private static InputItem? Next(Utf8LineReader lines, InputOptions options)
    {
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            string location = lines.Location;
            if (line.Trim(" \t\r"u8).IsEmpty) continue;
            if (!Utf8.IsValid(line)) throw InputErrors.NotUtf8(location);
            try
            {
                var reader = new Utf8JsonReader(line, JsonText.ReaderOptions);
                reader.Read();
                JsonText.TryRead(ref reader, options, location, out InputItem item);
                // Anything behind the value throws.
                reader.Read();
                return item;
            }
            catch (JsonException error)
            {
                throw InputErrors.NotJson(location, error);
            }
        }

        return null;
    }
}
