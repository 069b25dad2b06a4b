using ColbertOnnx.Onnx;

namespace ColbertOnnx.Quantization;

/// <summary>A matrix as signed bytes with a scale for each column, symmetric around zero: value = byte · scale.</summary>
internal static class QuantizedMatrix
{
    /// <summary>
    /// The tensors "name/int8" [rows, columns] and "name/step" [columns]. The scales are computed now and the bytes when they are
    /// written, so that one matrix at a time is in memory.
    /// </summary>
    public static (OnnxTensor Values, OnnxTensor Scales) Of(ConstantMatrix matrix, string values, string scales)
    {
        float[] columnScales = Scales(matrix);
        var data = new ComputedBytes((long)matrix.Rows * matrix.Columns, () => Quantize(matrix, columnScales));
        return (
            new OnnxTensor(values, OnnxElementType.Int8, [matrix.Rows, matrix.Columns], data),
            OnnxTensor.Of(scales, columnScales, columnScales.Length));
    }

    private static float[] Scales(ConstantMatrix matrix)
    {
        float[] elements = Columnwise(matrix);
        float[] scales = new float[matrix.Columns];
        for (int column = 0; column < scales.Length; column++)
            scales[column] = SymmetricScale.Of(elements.AsSpan(column * matrix.Rows, matrix.Rows));
        return scales;
    }

    private static byte[] Quantize(ConstantMatrix matrix, float[] scales)
    {
        float[] elements = Columnwise(matrix);
        byte[] bytes = new byte[elements.Length];
        for (int column = 0; column < scales.Length; column++)
        {
            ReadOnlySpan<float> source = elements.AsSpan(column * matrix.Rows, matrix.Rows);
            for (int row = 0; row < source.Length; row++)
                bytes[(row * scales.Length) + column] = (byte)SymmetricScale.Quantize(source[row], scales[column]);
        }

        return bytes;
    }

    /// <summary>Its columns one after the other.</summary>
    private static float[] Columnwise(ConstantMatrix matrix)
    {
        float[] stored = Floats.Of(matrix.Tensor);
        return matrix.IsTransposed ? stored : Matrices.Transpose(stored, matrix.Rows, matrix.Columns);
    }
}
