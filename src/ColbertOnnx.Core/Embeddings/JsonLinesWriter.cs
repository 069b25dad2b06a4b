using System.Buffers;
using System.Text.Json;

namespace ColbertOnnx.Embeddings;

/// <summary>
/// A JSON object for each text in a line of its own. Numbers are the shortest that read back as the same float32, or float16. The stream
/// stays open, and gets each line in one piece.
/// </summary>
internal sealed class JsonLinesWriter(Stream stream, EmbeddingType type = EmbeddingType.Float32) : IEmbeddingWriter
{
    private readonly ArrayBufferWriter<byte> line = new();
    private readonly Utf8JsonWriter json = new(Stream.Null, JsonArrays.Options);
    private readonly MatrixBytes matrix = new(type);

    public void Write(ColbertEmbedding embedding)
    {
        if (embedding.Values.Span.IndexOfNotFinite() >= 0) throw EmbeddingErrors.NotFinite(embedding, "the numbers of JSON are");
        line.ResetWrittenCount();
        json.Reset(line);
        json.WriteStartObject();
        json.WriteHead(embedding, type);
        if (type == EmbeddingType.Float32) WriteSingles(embedding);
        else WriteNarrow(embedding);
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

    private void WriteSingles(ColbertEmbedding embedding)
    {
        json.WriteStartArray("embedding");
        for (int row = 0; row < embedding.TokenCount; row++)
        {
            json.WriteStartArray();
            foreach (float value in embedding.Row(row)) json.WriteNumberValue(value);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private void WriteNarrow(ColbertEmbedding embedding)
    {
        ReadOnlySpan<byte> bytes = matrix.Of(embedding, out ReadOnlySpan<float> scales);
        if (type == EmbeddingType.Int8)
        {
            json.WriteStartArray("scale");
            foreach (float scale in scales) json.WriteNumberValue(scale);
            json.WriteEndArray();
        }

        int width = PackedVectors.RowBytes(type, embedding.Dimension);
        Span<byte> digits = stackalloc byte[16];
        json.WriteStartArray("embedding");
        for (int row = 0; row < embedding.TokenCount; row++)
        {
            json.WriteStartArray();
            ReadOnlySpan<byte> packed = bytes.Slice(row * width, width);
            for (int i = 0; i < packed.Length; i++)
            {
                if (type == EmbeddingType.Int8) json.WriteNumberValue((sbyte)packed[i]);
                else if (type == EmbeddingType.Binary) json.WriteNumberValue(packed[i]);
                else json.WriteRawValue(Half(packed, ref i, digits, embedding), skipInputValidation: true);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static ReadOnlySpan<byte> Half(ReadOnlySpan<byte> packed, ref int at, Span<byte> digits, ColbertEmbedding embedding)
    {
        Half value = BitConverter.ToHalf(packed[at++..]);
        if (!System.Half.IsFinite(value)) throw EmbeddingErrors.NotFinite(embedding, "the numbers of JSON are");
        value.TryFormat(digits, out int length, default, System.Globalization.CultureInfo.InvariantCulture);
        return digits[..length];
    }
}
