using System.Text.Json;
using System.Text.Unicode;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Embeddings;

/// <summary>A line of JSON about one embedding, with its values or without. Fields that are not known are skipped.</summary>
internal static class JsonEmbedding
{
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 64 };
    private static readonly string[] Fields =
        ["name", "id", "text", "kind", "truncated", "type", "tokens", "dimension", "token_ids", "token_offsets", "embedding", "scale"];

    /// <param name="rows">Receives the values; null: they are somewhere else.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>.</exception>
    public static StoredText Read(ReadOnlySpan<byte> line, string location, JsonVectors? rows = null)
    {
        if (!Utf8.IsValid(line)) throw InputErrors.NotUtf8(location);
        try
        {
            var json = new Utf8JsonReader(line, ReaderOptions);
            json.Read();
            if (json.TokenType != JsonTokenType.StartObject)
                throw EmbeddingErrors.Invalid(location, "this is not a JSON object.", "Give an object with an embedding in each line.");
            StoredText text = ReadFields(ref json, line, location, rows);
            // Anything behind the object throws.
            json.Read();
            return text;
        }
        catch (JsonException error)
        {
            throw InputErrors.NotJson(location, error);
        }
        catch (InvalidOperationException error)
        {
            throw InputErrors.LoneSurrogate(location, error);
        }
    }

    private static StoredText ReadFields(ref Utf8JsonReader json, ReadOnlySpan<byte> line, string location, JsonVectors? rows)
    {
        var text = new StoredText(location);
        int seen = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = json.GetString()!;
            CheckOnce(name == "embeddings" ? "embedding" : name, location, ref seen);
            json.Read();
            text = name switch
            {
                "name" => text with { Name = String(ref json) },
                "id" => text with { Id = Id(ref json, line, location) },
                "text" => text with { Text = Text(ref json, location) },
                "kind" => text with { Kind = Kind(ref json, location) },
                "truncated" => text with { IsTruncated = json.TokenType == JsonTokenType.True },
                "type" => text with { Type = Type(ref json, location) },
                "tokens" => text with { Tokens = Whole(ref json) },
                "dimension" => text with { Dimension = Whole(ref json) },
                "token_ids" => text with { TokenIds = Ids(ref json, location) },
                "token_offsets" => text with { TokenOffsets = Offsets(ref json, location) },
                "embedding" or "embeddings" when rows is not null => Rows(ref json, rows, text),
                "scale" when rows is not null => Scales(ref json, rows, text),
                _ => text,
            };
            // Whatever was not taken, or was of another type than expected.
            if (json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) json.Skip();
        }

        return text;
    }

    private static void CheckOnce(string name, string location, ref int seen)
    {
        int place = Array.IndexOf(Fields, name);
        if (place < 0) return;
        if ((seen & (1 << place)) != 0) throw InputErrors.Twice(location, name);
        seen |= 1 << place;
    }

    /// <summary>A string; of anything else what is written there; null is not an id.</summary>
    private static string? Id(ref Utf8JsonReader json, ReadOnlySpan<byte> line, string location)
    {
        if (json.TokenType is JsonTokenType.String or JsonTokenType.Null) return json.GetString();
        JsonText.TryReadRaw(ref json, line, location, out string raw);
        return raw;
    }

    private static string? Text(ref Utf8JsonReader json, string location) =>
        json.TokenType is JsonTokenType.String or JsonTokenType.Null
            ? json.GetString()
            : throw EmbeddingErrors.Invalid(location, "'text' is not a string.", "Give the text as a string, or leave it out.");

    private static StoredText Rows(ref Utf8JsonReader json, JsonVectors rows, StoredText text)
    {
        rows.Read(ref json, text.Location);
        return text;
    }

    private static StoredText Scales(ref Utf8JsonReader json, JsonVectors rows, StoredText text)
    {
        rows.ReadScales(ref json, text.Location);
        return text;
    }

    private static string? String(ref Utf8JsonReader json) => json.TokenType == JsonTokenType.String ? json.GetString() : null;

    private static int? Whole(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.Number && json.TryGetInt32(out int value) ? value : null;

    private static TextKind? Kind(ref Utf8JsonReader json, string location) => String(ref json) switch
    {
        null => null,
        "query" => TextKind.Query,
        "document" => TextKind.Document,
        string other => throw EmbeddingErrors.Invalid(location, $"there is no kind of text '{other}'.", "A kind is 'query' or 'document'."),
    };

    private static EmbeddingType? Type(ref Utf8JsonReader json, string location) => String(ref json) switch
    {
        null => null,
        string name when EmbeddingTypes.TryParse(name, out EmbeddingType type) => type,
        string other => throw EmbeddingErrors.Invalid(
            location, $"there is no type '{other}'.",
            $"A type is one of {string.Join(", ", Enum.GetValues<EmbeddingType>().Select(EmbeddingTypes.NameOf))}."),
    };

    private static List<int>? Ids(ref Utf8JsonReader json, string location)
    {
        if (json.TokenType != JsonTokenType.StartArray) return null;
        List<int> ids = [];
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            ids.Add(Whole(ref json) ?? throw EmbeddingErrors.Invalid(location, "'token_ids' holds something else than whole numbers."));
        return ids;
    }

    private static List<(int Start, int End)>? Offsets(ref Utf8JsonReader json, string location)
    {
        if (json.TokenType != JsonTokenType.StartArray) return null;
        List<(int, int)> offsets = [];
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (Ids(ref json, location) is not [>= 0 and int start, int end] || end < start)
                throw EmbeddingErrors.Invalid(location, "'token_offsets' holds something else than pairs of a start and an end.");
            offsets.Add((start, end));
        }

        return offsets;
    }
}
