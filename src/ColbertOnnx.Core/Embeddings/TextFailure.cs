using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ColbertOnnx.IO;

namespace ColbertOnnx.Embeddings;

/// <summary>A text that has no embedding, as a line of the file of errors beside an output.</summary>
internal static partial class TextFailure
{
    private const int LongestLine = 64 * 1024;

    /// <param name="number">Which text of the run it is, from 1.</param>
    /// <param name="id">Its id, if it is known.</param>
    /// <param name="place">Where it stands: "corpus.jsonl:17" or "corpus.jsonl, byte 1234".</param>
    /// <param name="error">What was wrong with it.</param>
    public static byte[] ToLine(long number, string? id, string? place, ColbertException error)
    {
        Match match = Place().Match(place ?? "");
        return Encoding.UTF8.GetBytes(JsonArrays.Line(json =>
        {
            json.WriteNumber("text", number);
            json.WriteText("id", ShortText.Of(id));
            json.WriteText("source", ShortText.Of(match.Success ? match.Groups["source"].Value : place));
            Write(json, "line", match.Groups["line"]);
            Write(json, "byte", match.Groups["byte"]);
            json.WriteText("error", error.Id.ToString());
            json.WriteText("message", error.Message);
            json.WriteText("action", error.Action);
        }) + "\n");
    }

    /// <summary>Whether a file looks as one of ours; a power failure leaves empty ones, and a full disk cuts the first line.</summary>
    public static bool IsFileOf(string path)
    {
        try
        {
            RegularFile.Require(path);
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            byte[] start = new byte[Math.Min(stream.Length, LongestLine)];
            stream.ReadExactly(start);
            if (start.Length == 0) return true;
            int end = start.AsSpan().IndexOf((byte)'\n');
            return end < 0
                ? start.AsSpan().StartsWith("{\"text\":"u8) && start.AsSpan().IndexOf(",\"id\":"u8) > 0
                : IsLine(start.AsSpan(0, end));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Whether a line is one of ours.</summary>
    public static bool IsLine(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            // The reader stops behind a value; what follows it is looked at when it is asked for more.
            return !reader.Read() && document.RootElement.ValueKind == JsonValueKind.Object
                && new[] { "text", "source", "error", "message" }.All(name => document.RootElement.TryGetProperty(name, out _));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static void Write(Utf8JsonWriter json, string name, Group found)
    {
        if (found.Success && long.TryParse(found.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            json.WriteNumber(name, number);
        else json.WriteNull(name);
    }

    [GeneratedRegex(@"^(?<source>.*)(?::(?<line>\d+)|, byte (?<byte>\d+))$", RegexOptions.Singleline)]
    private static partial Regex Place();
}
