namespace ColbertOnnx.Onnx;

/// <summary>Small matrix work on weights, row by row.</summary>
internal static class Matrices
{
    /// <summary>[rows, columns] to [columns, rows], in blocks that stay in the first-level cache.</summary>
    public static float[] Transpose(ReadOnlySpan<float> source, int rows, int columns)
    {
        const int Block = 32;
        float[] target = GC.AllocateUninitializedArray<float>(source.Length);
        for (int r = 0; r < rows; r += Block)
            for (int c = 0; c < columns; c += Block)
                for (int i = r; i < Math.Min(rows, r + Block); i++)
                    for (int j = c; j < Math.Min(columns, c + Block); j++) target[(j * rows) + i] = source[(i * columns) + j];
        return target;
    }
}
