using System.Text.Json;
using System.Text.Json.Serialization;

namespace ColbertOnnx;

/// <summary>
/// An embedding as a JSON object, for caches of Microsoft.Extensions.AI and other stores of JSON: the token vectors as the bytes of
/// little-endian float32 in Base64, so that every bit comes back.
/// </summary>
internal sealed class ColbertEmbeddingConverter : JsonConverter<ColbertEmbedding>
{
    public override ColbertEmbedding Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        try
        {
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException
            or OverflowException)
        {
            throw new JsonException("This is not an embedding.", e);
        }
    }

    public override void Write(Utf8JsonWriter writer, ColbertEmbedding value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", value.Kind.ToString());
        if (value.Id is not null) writer.WriteString("id", value.Id);
        writer.WriteString("text", value.Text);
        if (value.ModelId is not null) writer.WriteString("model", value.ModelId);
        if (value.CreatedAt is { } created) writer.WriteString("created_at", created);
        if (value.Prompt is not null) writer.WriteString("prompt", value.Prompt);
        writer.WriteBoolean("is_truncated", value.IsTruncated);
        writer.WriteNumber("dimension", value.Dimension);
        writer.WriteBase64String("values", System.Runtime.InteropServices.MemoryMarshal.AsBytes(value.Values.Span));
        if (value.TokenIds is { } ids) writer.WriteNumbers("token_ids", ids);
        if (value.Tokens is { } tokens)
        {
            writer.WriteStartArray("tokens");
            foreach (string token in tokens) writer.WriteStringValue(token);
            writer.WriteEndArray();
        }

        if (value.TokenOffsets is { } offsets) writer.WriteOffsets("token_offsets", offsets);
        writer.WriteEndObject();
    }

    private static ColbertEmbedding Read(JsonElement root)
    {
        byte[] bytes = root.GetProperty("values").GetBytesFromBase64();
        if (bytes.Length % sizeof(float) != 0) throw new JsonException("The values are not whole numbers of float32.");
        float[] values = new float[bytes.Length / sizeof(float)];
        Buffer.BlockCopy(bytes, 0, values, 0, bytes.Length);
        return new ColbertEmbedding(
            KindOf(root.GetProperty("kind").GetString()),
            root.GetProperty("text").GetString() ?? throw new JsonException("An embedding has a text."), values,
            root.GetProperty("dimension").GetInt32())
        {
            Id = Optional("id")?.GetString(),
            ModelId = Optional("model")?.GetString(),
            CreatedAt = Optional("created_at")?.GetDateTimeOffset(),
            Prompt = Optional("prompt")?.GetString(),
            IsTruncated = root.GetProperty("is_truncated").GetBoolean(),
            TokenIds = Optional("token_ids") is { } ids ? [.. ids.EnumerateArray().Select(id => id.GetInt32())] : null,
            Tokens = Optional("tokens") is { } tokens ? [.. tokens.EnumerateArray().Select(TokenOf)] : null,
            TokenOffsets = Optional("token_offsets") is { } offsets
                ? [.. offsets.EnumerateArray().Select(OffsetsOf)]
                : null,
        };

        JsonElement? Optional(string name) =>
            root.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    private static TextKind KindOf(string? name) => name switch
    {
        nameof(TextKind.Query) => TextKind.Query,
        nameof(TextKind.Document) => TextKind.Document,
        _ => throw new JsonException($"There is no kind of text '{name}'."),
    };

    private static string TokenOf(JsonElement token) => token.GetString() ?? throw new JsonException("A token is a string.");

    private static (int Start, int End) OffsetsOf(JsonElement pair) =>
        pair.GetArrayLength() == 2 && pair[0].GetInt32() is >= 0 and int start && pair[1].GetInt32() is int end && end >= start
            ? (start, end)
            : throw new JsonException("The offsets of a token are a start and an end.");
}
