using System.Text.Json;
using System.Text.Unicode;
using ColbertOnnx.IO;

namespace ColbertOnnx.Modeling;

/// <summary>
/// A JSON file of a model or a checkpoint, read whole. Its text is checked once, so that every name and string in it can be read: a caller
/// that asks for a field never meets bytes that are not UTF-8, or half of a surrogate pair. A byte order mark is passed over.
/// </summary>
internal static class JsonFile
{
    private const string Again = "Copy the file from the model's source again: it may have been cut off or damaged.";

    /// <param name="path">Where it is.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="id">The error that its faults are.</param>
    /// <param name="kind">What it must hold.</param>
    /// <exception cref="ColbertException"><paramref name="id"/>: it cannot be read, is not JSON, or holds something else.</exception>
    public static JsonElement Read(string path, string name, ColbertErrorId id, JsonValueKind kind)
    {
        ReadOnlyMemory<byte> bytes = ReadBytes(path, name, id);
        if (bytes.Span.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        try
        {
            CheckText(bytes.Span, path, name, id);
            using var document = JsonDocument.Parse(bytes);
            if (document.RootElement.ValueKind == kind) return document.RootElement.Clone();
            string wanted = kind == JsonValueKind.Object ? "an object of settings" : "a list of objects";
            throw new ColbertException(id, $"{name} holds {Word(document.RootElement)} where {wanted} belongs.", path, Again);
        }
        catch (JsonException e)
        {
            throw new ColbertException(
                id, $"{name} is not valid JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}).", path, Again, e);
        }
    }

    /// <summary>A value as messages name it.</summary>
    public static string Word(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => $"the number {value.GetRawText()}",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };

    private static byte[] ReadBytes(string path, string name, ColbertErrorId id)
    {
        try
        {
            if (RegularFile.Read(path, Limits.LargestJsonFile) is { } bytes) return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ColbertException(id, $"{name} cannot be read: {e.Message.TrimEnd('.')}.", path, "Check the file and its rights.", e);
        }

        throw new ColbertException(
            id, FormattableString.Invariant($"{name} is larger than {Limits.LargestJsonFile} bytes (LargestJsonFile)."), path,
            "Use the file that belongs to the model.");
    }

    /// <summary>Refuses bytes that are not text, and names and strings that are not Unicode.</summary>
    public static void CheckText(ReadOnlySpan<byte> json, string path, string name, ColbertErrorId id)
    {
        if (!Utf8.IsValid(json)) throw Unreadable("bytes that are not UTF-8");

        // Only what is escaped can still be half of a pair.
        var reader = new Utf8JsonReader(json);
        string field = "";
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.String)) continue;
            try
            {
                if (reader.TokenType == JsonTokenType.PropertyName) field = reader.GetString()!;
                else if (reader.ValueIsEscaped) reader.GetString();
            }
            catch (InvalidOperationException)
            {
                string what = reader.TokenType == JsonTokenType.PropertyName ? "name" : "string";
                throw Unreadable(
                    $"a {what} that is not valid Unicode (half of a surrogate pair){(field.Length > 0 ? $" in {field}" : "")}");
            }
        }

        ColbertException Unreadable(string what) => new(id, $"{name} holds {what}.", path, Again);
    }
}
