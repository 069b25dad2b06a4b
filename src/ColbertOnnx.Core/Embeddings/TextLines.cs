using System.Buffers;
using System.Text.Json;

namespace ColbertOnnx.Embeddings;

/// <summary>JSON Lines about embeddings whose values lie in arrays.</summary>
internal sealed class TextLines(EmbeddingType type) : IDisposable
{
    private readonly ArrayBufferWriter<byte> line = new();
    private readonly Utf8JsonWriter json = new(Stream.Null, JsonArrays.Options);

    public void Write(Stream to, ColbertEmbedding embedding, string? name)
    {
        line.ResetWrittenCount();
        json.Reset(line);
        json.WriteStartObject();
        json.WriteHead(embedding, type, name);
        json.WriteEndObject();
        json.Flush();
        line.Write("\n"u8);
        to.Write(line.WrittenSpan);
    }

    public void Dispose() => json.Dispose();
}
