using System.Buffers;
using System.Text;
using System.Text.Json;

namespace ColbertOnnx;

/// <summary>A line of JSON, and how ids and offsets stand in it.</summary>
internal static class JsonArrays
{
    public static readonly JsonWriterOptions Options = new() { SkipValidation = true };

    /// <summary>One object in one line.</summary>
    public static string Line(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static void WriteNumbers(this Utf8JsonWriter json, string name, IReadOnlyList<int> numbers)
    {
        json.WriteStartArray(name);
        foreach (int number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    /// <summary>[[start, end], ...] in UTF-16 units.</summary>
    public static void WriteOffsets(this Utf8JsonWriter json, string name, IReadOnlyList<(int Start, int End)> offsets)
    {
        json.WriteStartArray(name);
        foreach ((int start, int end) in offsets)
        {
            json.WriteStartArray();
            json.WriteNumberValue(start);
            json.WriteNumberValue(end);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }
}
