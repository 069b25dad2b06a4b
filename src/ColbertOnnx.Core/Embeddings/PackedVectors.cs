using System.Runtime.InteropServices;

namespace ColbertOnnx.Embeddings;

/// <summary>Vectors of float32 to the narrower types and back.</summary>
internal static class PackedVectors
{
    /// <summary>Bytes of a vector of this many values; the scales of Int8 lie elsewhere.</summary>
    public static int RowBytes(EmbeddingType type, int dimension) => type switch
    {
        EmbeddingType.Float32 => checked(dimension * sizeof(float)),
        EmbeddingType.Float16 => checked(dimension * sizeof(ushort)),
        EmbeddingType.Int8 => dimension,
        _ => (dimension + 7) / 8,
    };

    public static void ToHalf(ReadOnlySpan<float> values, Span<byte> to)
    {
        Span<Half> halves = MemoryMarshal.Cast<byte, Half>(to);
        for (int i = 0; i < values.Length; i++) halves[i] = (Half)values[i];
    }

    /// <summary>
    /// One vector; returns its scale: value = byte x scale. A vector of zeros has the scale 0. Of what it gives it makes the same again.
    /// </summary>
    public static float ToInt8(ReadOnlySpan<float> row, Span<byte> to)
    {
        float largest = 0;
        foreach (float value in row) largest = Math.Max(largest, Math.Abs(value));
        float scale = largest / sbyte.MaxValue;
        for (int i = 0; i < row.Length; i++)
            to[i] = (byte)(sbyte)(scale > 0 ? Math.Clamp(MathF.Round(row[i] / scale), -sbyte.MaxValue, sbyte.MaxValue) : 0);
        return scale;
    }

    /// <summary>
    /// One vector: a bit is set for a value above zero, the first in the highest bit of the first byte, as numpy.packbits puts them.
    /// </summary>
    public static void ToBits(ReadOnlySpan<float> row, Span<byte> to)
    {
        to.Clear();
        for (int i = 0; i < row.Length; i++)
            if (row[i] > 0) to[i >> 3] |= (byte)(0x80 >> (i & 7));
    }

    public static void Scale(Span<float> row, float scale)
    {
        foreach (ref float value in row) value *= scale;
    }

    /// <summary>Packed signs, as the values of bytes, to unit vectors.</summary>
    public static float[] FromBits(ReadOnlySpan<float> bytes, int rows, int dimension)
    {
        int width = RowBytes(EmbeddingType.Binary, dimension);
        float unit = (float)(1 / Math.Sqrt(dimension));
        float[] values = new float[checked(rows * dimension)];
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> packed = bytes.Slice(row * width, width);
            Span<float> to = values.AsSpan(row * dimension, dimension);
            for (int i = 0; i < to.Length; i++) to[i] = ((int)packed[i >> 3] & (0x80 >> (i & 7))) != 0 ? unit : -unit;
        }

        return values;
    }
}
