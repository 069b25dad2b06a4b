using System.Runtime.InteropServices;
using ColbertOnnx.Onnx;

namespace ColbertOnnx.Quantization;

/// <summary>
/// An embedding matrix as signed bytes with a scale for each row, written row by row: it is the largest tensor of all.
/// </summary>
internal static class QuantizedTable
{
    public static (OnnxTensor Values, OnnxTensor Scales) Of(OnnxTensor table, string values, string scales)
    {
        float[] rowScales = new float[table.Shape[0]];
        int at = 0;
        Floats.Rows(table, row => rowScales[at++] = SymmetricScale.Of(row));
        return (
            new OnnxTensor(values, OnnxElementType.Int8, table.Shape, new Bytes(table, rowScales)),
            OnnxTensor.Of(scales, rowScales, rowScales.Length, 1));
    }

    private sealed class Bytes(OnnxTensor table, float[] scales) : TensorData
    {
        public override long ByteCount => table.ElementCount;

        public override void CopyTo(Stream target)
        {
            sbyte[] bytes = new sbyte[table.Shape[1]];
            int at = 0;
            Floats.Rows(table, row =>
            {
                float scale = scales[at++];
                for (int i = 0; i < row.Length; i++) bytes[i] = SymmetricScale.Quantize(row[i], scale);
                target.Write(MemoryMarshal.AsBytes<sbyte>(bytes));
            });
        }
    }
}
