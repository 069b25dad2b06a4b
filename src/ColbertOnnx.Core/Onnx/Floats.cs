using System.Runtime.InteropServices;

namespace ColbertOnnx.Onnx;

/// <summary>The elements of a tensor as float32, whatever they are stored as.</summary>
internal static class Floats
{
    public static bool CanRead(OnnxElementType type) =>
        type is OnnxElementType.Float or OnnxElementType.Float16 or OnnxElementType.BFloat16;

    public static int SizeOf(OnnxElementType type) => type == OnnxElementType.Float ? sizeof(float) : sizeof(ushort);

    public static float[] Of(OnnxTensor tensor)
    {
        byte[] bytes = tensor.Data.ToArray();
        float[] values = GC.AllocateUninitializedArray<float>(checked((int)tensor.ElementCount));
        Widen(tensor.Type, bytes, values);
        return values;
    }

    /// <summary>Calls <paramref name="row"/> for every row of a table, from the first to the last, with one row in memory.</summary>
    public static void Rows(OnnxTensor table, Action<ReadOnlySpan<float>> row)
    {
        using var sink = new RowStream(table.Type, (int)table.Shape[^1], row);
        table.Data.CopyTo(sink);
    }

    public static void Widen(OnnxElementType type, ReadOnlySpan<byte> bytes, Span<float> target)
    {
        switch (type)
        {
            case OnnxElementType.Float:
                MemoryMarshal.Cast<byte, float>(bytes).CopyTo(target);
                break;
            case OnnxElementType.Float16:
                ReadOnlySpan<Half> halves = MemoryMarshal.Cast<byte, Half>(bytes);
                for (int i = 0; i < target.Length; i++) target[i] = (float)halves[i];
                break;
            case OnnxElementType.BFloat16:
                ReadOnlySpan<ushort> upper = MemoryMarshal.Cast<byte, ushort>(bytes);
                for (int i = 0; i < target.Length; i++) target[i] = BitConverter.Int32BitsToSingle(upper[i] << 16);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "Not a type of real numbers.");
        }
    }
}
