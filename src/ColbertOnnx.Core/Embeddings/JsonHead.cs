using System.Text.Json;

namespace ColbertOnnx.Embeddings;

/// <summary>The fields about an embedding that stand in a line of JSON before its values, or without them beside an array.</summary>
internal static class JsonHead
{
    /// <param name="name">Name of the array that the line is about; null: the values follow, or the next.</param>
    public static void WriteHead(this Utf8JsonWriter json, ColbertEmbedding embedding, EmbeddingType type, string? name = null)
    {
        if (name is not null) json.WriteString("name", name);
        json.WriteText("id", embedding.Id);
        json.WriteText("text", embedding.Text);
        json.WriteString("kind", TextKinds.NameOf(embedding.Kind));
        json.WriteNumber("tokens", embedding.TokenCount);
        json.WriteNumber("dimension", embedding.Dimension);
        json.WriteBoolean("truncated", embedding.IsTruncated);
        if (type != EmbeddingType.Float32) json.WriteString("type", EmbeddingTypes.NameOf(type));
        if (embedding.TokenIds is { } ids) json.WriteNumbers("token_ids", ids);
        if (embedding.TokenOffsets is { } offsets) json.WriteOffsets("token_offsets", offsets);
    }
}
