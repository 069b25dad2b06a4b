using System.Buffers;
using System.Text.Json;

namespace ColbertOnnx.Embeddings;

/// <summary>A place from which a later run can go on.</summary>
/// <param name="Run">How far the run is in its input.</param>
/// <param name="State">How far the writer is.</param>
/// <param name="Lengths">Of its parts.</param>
/// <param name="Cpus">Those that have computed it so far.</param>
internal sealed record JournalEntry(RunState Run, WriterState State, Dictionary<string, long> Lengths, IReadOnlyList<string> Cpus)
{
    /// <summary>One line of JSON, with its end.</summary>
    public byte[] ToLine()
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteNumber("encoded", Run.Encoded);
            json.WriteNumber("bad", Run.Bad);
            json.WriteNumber("truncated", Run.Truncated);
            json.WriteString("hash", Run.Hash);
            json.WriteNumber("exit", Run.ExitCode);
            json.WriteNumber("texts", State.Texts);
            json.WriteNumber("rows", State.Rows);
            json.WriteNumber("dimension", State.Dimension);
            json.WriteStartArray("numbers");
            foreach (long number in State.Numbers) json.WriteNumberValue(number);
            json.WriteEndArray();
            json.WriteStartObject("lengths");
            foreach (var (name, length) in Lengths) json.WriteNumber(name, length);
            json.WriteEndObject();
            json.WriteStartArray("processors");
            foreach (string cpu in Cpus) json.WriteStringValue(cpu);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return [.. line.WrittenSpan, (byte)'\n'];
    }

    /// <summary>Null for a line that was cut off.</summary>
    public static JournalEntry? Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement json = document.RootElement;
            return new JournalEntry(
                new RunState(Whole("encoded"), Whole("bad"), Whole("truncated"), json.GetProperty("hash").GetString()!)
                {
                    ExitCode = (int)Whole("exit"),
                },
                new WriterState
                {
                    Texts = Whole("texts"),
                    Rows = Whole("rows"),
                    Dimension = (int)Whole("dimension"),
                    Numbers = [.. json.GetProperty("numbers").EnumerateArray().Select(number => number.GetInt64())],
                },
                json.GetProperty("lengths").EnumerateObject()
                    .ToDictionary(part => part.Name, part => part.Value.GetInt64(), StringComparer.Ordinal),
                [.. json.GetProperty("processors").EnumerateArray().Select(cpu => cpu.GetString()!)]);

            long Whole(string name) => json.GetProperty(name).GetInt64();
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
