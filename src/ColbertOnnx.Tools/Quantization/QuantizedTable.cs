using System.Runtime.InteropServices;
using ColbertOnnx.Onnx;

namespace ColbertOnnx.Quantization;

/// <summary>An embedding table as signed bytes with a step for each row, written row by row: tables are the largest tensors of all.</summary>
internal static class QuantizedTable
{
    public static (OnnxTensor Values, OnnxTensor Steps) Of(OnnxTensor table, string values, string steps)
    {
        float[] rowSteps = new float[table.Shape[0]];
        int at = 0;
        Floats.Rows(table, row => rowSteps[at++] = SymmetricStep.Of(row));
        return (new OnnxTensor(values, OnnxElementType.Int8, table.Shape, new Bytes(table, rowSteps)), OnnxTensor.Of(steps, rowSteps, rowSteps.Length, 1));
    }

    private sealed class Bytes(OnnxTensor table, float[] steps) : TensorData
    {
        public override long ByteCount => table.ElementCount;

        public override void CopyTo(Stream target)
        {
            sbyte[] bytes = new sbyte[table.Shape[1]];
            int at = 0;
            Floats.Rows(table, row =>
            {
                float step = steps[at++];
                for (int i = 0; i < row.Length; i++) bytes[i] = SymmetricStep.Quantize(row[i], step);
                target.Write(MemoryMarshal.AsBytes<sbyte>(bytes));
            });
        }
    }
}
