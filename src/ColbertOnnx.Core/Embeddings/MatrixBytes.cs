using System.Runtime.InteropServices;

namespace ColbertOnnx.Embeddings;

/// <summary>
/// The values of an embedding as the bytes of a file, in little-endian as every platform of ONNX Runtime. The buffers are used again.
/// </summary>
internal sealed class MatrixBytes(EmbeddingType type)
{
    private byte[] bytes = [];
    private float[] scales = [];

    /// <summary>The type in NumPy's words.</summary>
    public string Descr => type switch
    {
        EmbeddingType.Float32 => "<f4",
        EmbeddingType.Float16 => "<f2",
        EmbeddingType.Int8 => "|i1",
        _ => "|u1",
    };

    /// <summary>The type in the words of safetensors.</summary>
    public string Dtype => type switch
    {
        EmbeddingType.Float32 => "F32",
        EmbeddingType.Float16 => "F16",
        EmbeddingType.Int8 => "I8",
        _ => "U8",
    };

    /// <summary>Elements of a row.</summary>
    public int Width(int dimension) => type == EmbeddingType.Binary ? PackedVectors.RowBytes(type, dimension) : dimension;

    /// <summary>Row by row; holds until the next call. <paramref name="factors"/>: one for each row of Int8, otherwise empty.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InferenceFailed"/>: a value that is no number has no sign.</exception>
    public ReadOnlySpan<byte> Of(ColbertEmbedding embedding, out ReadOnlySpan<float> factors)
    {
        factors = [];
        ReadOnlySpan<float> values = embedding.Values.Span;
        if (type == EmbeddingType.Float32) return MemoryMarshal.AsBytes(values);
        if (type == EmbeddingType.Binary && values.IndexOfNotFinite() >= 0)
            throw EmbeddingErrors.NotFinite(embedding, "the signs of binary vectors are");
        int rows = embedding.TokenCount, width = PackedVectors.RowBytes(type, embedding.Dimension);
        int length = checked(rows * width);
        if (bytes.Length < length) bytes = new byte[length];
        if (scales.Length < rows) scales = new float[rows];
        if (type == EmbeddingType.Float16) PackedVectors.ToHalf(values, bytes.AsSpan(0, length));
        for (int row = 0; row < rows && type != EmbeddingType.Float16; row++)
        {
            Span<byte> to = bytes.AsSpan(row * width, width);
            if (type == EmbeddingType.Int8) scales[row] = PackedVectors.ToInt8(embedding.Row(row), to);
            else PackedVectors.ToBits(embedding.Row(row), to);
        }

        if (type == EmbeddingType.Int8) factors = scales.AsSpan(0, rows);
        return bytes.AsSpan(0, length);
    }
}
