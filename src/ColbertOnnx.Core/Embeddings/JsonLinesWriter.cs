using System.Buffers;
using System.Text.Json;

namespace ColbertOnnx.Embeddings;

/// <summary>
/// A JSON object for each text in a line of its own. Numbers are the shortest that read back as the same float32. The stream
/// stays open, and gets each line in one piece.
/// </summary>
internal sealed class JsonLinesWriter(Stream stream) : IEmbeddingWriter
{
    private readonly ArrayBufferWriter<byte> line = new();
    private readonly Utf8JsonWriter json = new(Stream.Null, JsonArrays.Options);

    public void Write(ColbertEmbedding embedding)
    {
        line.ResetWrittenCount();
        json.Reset(line);
        json.WriteStartObject();
        json.WriteText("id", embedding.Id);
        json.WriteText("text", embedding.Text);
        json.WriteString("kind", embedding.Kind == TextKind.Query ? "query" : "document");
        json.WriteNumber("tokens", embedding.TokenCount);
        json.WriteNumber("dimension", embedding.Dimension);
        json.WriteBoolean("truncated", embedding.IsTruncated);
        if (embedding.TokenIds is { } ids) json.WriteNumbers("token_ids", ids);
        if (embedding.TokenOffsets is { } offsets) json.WriteOffsets("token_offsets", offsets);
        WriteRows(embedding);
        json.WriteEndObject();
        json.Flush();
        line.Write("\n"u8);
        stream.Write(line.WrittenSpan);
    }

    public void Skip(TextKind kind)
    {
    }

    public void Complete() => stream.Flush();

    public void Dispose() => json.Dispose();

    private void WriteRows(ColbertEmbedding embedding)
    {
        json.WriteStartArray("embedding");
        for (int row = 0; row < embedding.TokenCount; row++)
        {
            json.WriteStartArray();
            foreach (float value in embedding.Row(row))
            {
                if (!float.IsFinite(value)) throw NotANumber(embedding);
                json.WriteNumberValue(value);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static ColbertException NotANumber(ColbertEmbedding embedding) => new(
        ColbertErrorId.InferenceFailed,
        $"The model gave no finite numbers for the text {(embedding.Id is string id ? $"'{id}'" : $"\"{embedding.Text}\"")}, and JSON holds no others.",
        embedding.Id ?? embedding.Text,
        "Check the model; npy and npz can hold what it gave.");
}
