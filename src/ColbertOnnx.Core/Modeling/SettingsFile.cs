using System.Text.Json;

namespace ColbertOnnx.Modeling;

/// <summary>One JSON file of a model folder. A field that is null says as little as one that is missing (rule 9).</summary>
internal sealed class SettingsFile
{
    private readonly string path;
    private readonly JsonElement root;

    private SettingsFile(string path, JsonElement root)
    {
        this.path = path;
        this.root = root;
        Name = Path.GetFileName(path);
    }

    public string Name { get; }

    /// <summary>Reads the file; null when there is none.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ConfigurationInvalid"/>: not JSON, or not an object.</exception>
    public static SettingsFile? Read(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        if (!File.Exists(path)) return null;

        ReadOnlyMemory<byte> bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ColbertException(ColbertErrorId.ConfigurationInvalid, $"{name} cannot be read: {e.Message}", path, "Check the file and its rights.", e);
        }

        if (bytes.Span.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        try
        {
            using var document = JsonDocument.Parse(bytes);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new ColbertException(ColbertErrorId.ConfigurationInvalid, $"{name} holds {Word(document.RootElement)} where an object of settings belongs.", path, "Copy the file from the model's source again, or export the model again.");
            return new SettingsFile(path, document.RootElement.Clone());
        }
        catch (JsonException e)
        {
            throw new ColbertException(
                ColbertErrorId.ConfigurationInvalid,
                $"{name} is not valid JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}).",
                path,
                "Copy the file from the model's source again: it may have been cut off.",
                e);
        }
    }

    public bool TryGet(string field, out JsonElement value) =>
        root.TryGetProperty(field, out value) && value.ValueKind != JsonValueKind.Null;

    public int? Integer(string field, int smallest)
    {
        if (!TryGet(field, out JsonElement value)) return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out int number)) throw Wrong(field, "a whole number", value);
        return number >= smallest ? number : throw Invalid(field, $"is {value.GetRawText()}, but the smallest that makes sense is {smallest}");
    }

    public bool? Boolean(string field)
    {
        if (!TryGet(field, out JsonElement value)) return null;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(field, "true or false", value);
    }

    public string? Text(string field) => TryGet(field, out JsonElement value) ? Text(field, value) : null;

    public IReadOnlyList<string>? Texts(string field)
    {
        if (!TryGet(field, out JsonElement value)) return null;
        if (value.ValueKind != JsonValueKind.Array) throw Wrong(field, "a list of strings", value);
        return [.. value.EnumerateArray().Select(word => Text(field, word))];
    }

    /// <summary>The names of the fields that are not null.</summary>
    public IEnumerable<string> Fields => root.EnumerateObject().Where(entry => entry.Value.ValueKind != JsonValueKind.Null).Select(entry => entry.Name);

    public IReadOnlyDictionary<string, string>? Map(string field)
    {
        if (!TryGet(field, out JsonElement value)) return null;
        if (value.ValueKind != JsonValueKind.Object) throw Wrong(field, "an object of strings", value);
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            foreach (JsonProperty entry in value.EnumerateObject()) map[entry.Name] = Text($"{field}.{entry.Name}", entry.Value);
        }
        catch (InvalidOperationException)
        {
            throw Invalid(field, "holds a name that is not valid Unicode");
        }

        return map;
    }

    /// <summary>A token of tokenizer_config.json: its text, or an object that holds the text as <c>content</c>.</summary>
    public string? Token(string field)
    {
        if (!TryGet(field, out JsonElement value)) return null;
        return value.ValueKind == JsonValueKind.Object && value.TryGetProperty("content", out JsonElement content) ? Text(field, content) : Text(field, value);
    }

    public ColbertException Invalid(string field, string what) =>
        new(ColbertErrorId.ConfigurationInvalid, $"{field} of {Name} {what}.", path, $"Correct {field} in the file, or export the model again.");

    private string Text(string field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) throw Wrong(field, "a string", value);
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, written as an escape.
            throw Invalid(field, "holds a string that is not valid Unicode");
        }
    }

    private ColbertException Wrong(string field, string wanted, JsonElement value) => Invalid(field, $"must be {wanted}, and is {Word(value)}");

    private static string Word(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => $"the number {value.GetRawText()}",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };
}
