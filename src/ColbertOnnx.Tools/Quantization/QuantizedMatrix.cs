using ColbertOnnx.Onnx;

namespace ColbertOnnx.Quantization;

/// <summary>A matrix as signed bytes with a step for each column, symmetric around zero: value = byte · step.</summary>
internal static class QuantizedMatrix
{
    /// <summary>
    /// The tensors "name/int8" [rows, columns] and "name/step" [columns]. The steps are computed now and the bytes when they are
    /// written, so that one matrix at a time is in memory.
    /// </summary>
    public static (OnnxTensor Values, OnnxTensor Steps) Of(ConstantMatrix matrix, string values, string steps)
    {
        float[] columnSteps = Steps(matrix);
        var data = new ComputedBytes((long)matrix.Rows * matrix.Columns, () => Quantize(matrix, columnSteps));
        return (new OnnxTensor(values, OnnxElementType.Int8, [matrix.Rows, matrix.Columns], data), OnnxTensor.Of(steps, columnSteps, columnSteps.Length));
    }

    private static float[] Steps(ConstantMatrix matrix)
    {
        float[] numbers = Columnwise(matrix);
        float[] steps = new float[matrix.Columns];
        for (int column = 0; column < steps.Length; column++) steps[column] = SymmetricStep.Of(numbers.AsSpan(column * matrix.Rows, matrix.Rows));
        return steps;
    }

    private static byte[] Quantize(ConstantMatrix matrix, float[] steps)
    {
        float[] numbers = Columnwise(matrix);
        byte[] bytes = new byte[numbers.Length];
        for (int column = 0; column < steps.Length; column++)
        {
            ReadOnlySpan<float> source = numbers.AsSpan(column * matrix.Rows, matrix.Rows);
            for (int row = 0; row < source.Length; row++) bytes[(row * steps.Length) + column] = (byte)SymmetricStep.Quantize(source[row], steps[column]);
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
