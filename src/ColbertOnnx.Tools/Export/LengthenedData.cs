using System.Runtime.InteropServices;
using ColbertOnnx.Onnx;

namespace ColbertOnnx.Export;

/// <summary>An embedding matrix with more rows behind it, each the mean of those that are there.</summary>
internal sealed class LengthenedData(Weight table, long more) : TensorData
{
    public override long ByteCount => (table.Count + (more * table.Shape[1])) * sizeof(float);

    public override void CopyTo(Stream target)
    {
        table.AsIs().CopyTo(target);
        ReadOnlySpan<byte> mean = MemoryMarshal.AsBytes<float>(Mean());
        for (long i = 0; i < more; i++) target.Write(mean);
    }

    private float[] Mean()
    {
        double[] sum = new double[table.Shape[1]];
        float[] row = new float[sum.Length];
        for (long i = 0; i < table.Shape[0]; i++)
        {
            table.Read(i * row.Length, row);
            for (int k = 0; k < row.Length; k++) sum[k] += row[k];
        }

        return [.. sum.Select(value => (float)(value / table.Shape[0]))];
    }
}
