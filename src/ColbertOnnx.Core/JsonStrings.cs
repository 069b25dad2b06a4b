using System.Buffers;
using System.Text;
using System.Text.Json;

namespace ColbertOnnx;

/// <summary>
/// Strings of JSON as people read them, emoji too: the framework's writer escapes what is beyond U+FFFF, whatever its encoder.
/// Escaped are what JSON asks for, controls, and what some readers take for the end of a line.
/// </summary>
internal static class JsonStrings
{
    private static readonly SearchValues<char> Escaped =
        SearchValues.Create(
        [
            .. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Select(c => (char)c), '"', '\\', '\u2028', '\u2029',
        ]);

    public static void WriteText(this Utf8JsonWriter json, string name, string? text)
    {
        json.WritePropertyName(name);
        if (text is null) json.WriteNullValue();
        else json.WriteText(text);
    }

    public static void WriteText(this Utf8JsonWriter json, string text)
    {
        int escapes = 0;
        for (int at = Next(text, 0); at < text.Length; at = Next(text, at + 1)) escapes++;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(checked(Encoding.UTF8.GetByteCount(text) + (escapes * 6) + 2));
        json.WriteRawValue(buffer.AsSpan(0, Quote(text, buffer)), skipInputValidation: true);
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private static int Quote(string text, Span<byte> to)
    {
        int written = 0;
        to[written++] = (byte)'"';
        for (int done = 0; done < text.Length;)
        {
            int at = Next(text, done);
            written += Encoding.UTF8.GetBytes(text.AsSpan(done, at - done), to[written..]);
            if (at < text.Length) written += Escape(text[at], to[written..]);
            done = at + 1;
        }

        to[written++] = (byte)'"';
        return written;
    }

    private static int Next(string text, int from)
    {
        int found = text.AsSpan(from).IndexOfAny(Escaped);
        return found < 0 ? text.Length : from + found;
    }

    private static int Escape(char c, Span<byte> to)
    {
        ReadOnlySpan<byte> escape = c switch
        {
            '"' => "\\\""u8,
            '\\' => "\\\\"u8,
            '\n' => "\\n"u8,
            '\r' => "\\r"u8,
            '\t' => "\\t"u8,
            _ => "\\u"u8,
        };
        escape.CopyTo(to);
        if (escape[1] != (byte)'u') return 2;
        ((int)c).TryFormat(to[2..], out int digits, "X4", System.Globalization.CultureInfo.InvariantCulture);
        return 2 + digits;
    }
}
