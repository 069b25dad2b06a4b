using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ColbertOnnx.Native.Operators;

/// <summary>
/// What stands around the matrix products of an INT8 graph, row by row: a row is read once, not once for each operator. The bits are those
/// of the operators that are replaced, whose rows have one zero point, so nothing may be reordered here, no division may become a
/// multiplication, and nothing may be fused. A row that contains NaN becomes all NaN: ONNX Runtime passes over NaN in most operators, and
/// the result would look right.
/// </summary>
internal static class RowKernels
{
    private static int Lanes => Vector<float>.Count;

    /// <summary>A row's bytes; gives its scale. Stands for Abs, ReduceMax, Mul, Max, QuantizeLinear.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Quantize(ReadOnlySpan<float> row, in RowQuantization how, Span<byte> bytes)
    {
        float scale = how.ScaleOf(how.IsSymmetric ? LargestMagnitude(row) : Largest(row));
        ToBytes(row, scale, how.ZeroPoint, bytes);
        return scale;
    }

    /// <summary>
    /// A row times its scale, plus a bias, plus another row; both may be empty. Stands for Mul, Add, Add. The result may be the row itself.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(ReadOnlySpan<float> row, float scale, ReadOnlySpan<float> bias, ReadOnlySpan<float> other, Span<float> result)
    {
        ref float x = ref MemoryMarshal.GetReference(row), b = ref MemoryMarshal.GetReference(bias),
            o = ref MemoryMarshal.GetReference(other), y = ref MemoryMarshal.GetReference(result);
        var scales = new Vector<float>(scale);
        int last = row.Length - Lanes, i = 0;
        switch (bias.IsEmpty, other.IsEmpty)
        {
            case (false, false):
                for (; i <= last; i += Lanes) Store((Load(ref x, i) * scales) + Load(ref b, i) + Load(ref o, i), ref y, i);
                for (; i < row.Length; i++) result[i] = (row[i] * scale) + bias[i] + other[i];
                break;
            case (false, true):
                for (; i <= last; i += Lanes) Store((Load(ref x, i) * scales) + Load(ref b, i), ref y, i);
                for (; i < row.Length; i++) result[i] = (row[i] * scale) + bias[i];
                break;
            case (true, false):
                for (; i <= last; i += Lanes) Store((Load(ref x, i) * scales) + Load(ref o, i), ref y, i);
                for (; i < row.Length; i++) result[i] = (row[i] * scale) + other[i];
                break;
            default:
                for (; i <= last; i += Lanes) Store(Load(ref x, i) * scales, ref y, i);
                for (; i < row.Length; i++) result[i] = row[i] * scale;
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float LargestMagnitude(ReadOnlySpan<float> row)
    {
        ref float x = ref MemoryMarshal.GetReference(row);
        Vector<int> first = Vector<int>.Zero, second = first;
        int i = 0;
        for (; i <= row.Length - (2 * Lanes); i += 2 * Lanes)
        {
            // As integers magnitudes have the same order, and NaN is above all others and not passed over.
            first = Vector.Max(first, Vector.AsVectorInt32(Vector.Abs(Load(ref x, i))));
            second = Vector.Max(second, Vector.AsVectorInt32(Vector.Abs(Load(ref x, i + Lanes))));
        }

        float largest = Largest(Vector.AsVectorSingle(Vector.Max(first, second)));
        for (; i < row.Length; i++) largest = Math.Max(largest, Math.Abs(row[i]));
        return largest;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Largest(ReadOnlySpan<float> row)
    {
        ref float x = ref MemoryMarshal.GetReference(row);
        Vector<float> first = new(float.NegativeInfinity), second = first;
        int i = 0;
        for (; i <= row.Length - (2 * Lanes); i += 2 * Lanes)
        {
            first = Vector.Max(first, Load(ref x, i));
            second = Vector.Max(second, Load(ref x, i + Lanes));
        }

        float largest = Largest(Vector.Max(first, second));
        for (; i < row.Length; i++) largest = Math.Max(largest, row[i]);
        return largest;
    }

    // Of a vector's elements.
    private static float Largest(Vector<float> values)
    {
        float largest = values[0];
        for (int i = 1; i < Lanes; i++) largest = Math.Max(largest, values[i]);
        return largest;
    }

    /// <summary>A row divided by its scale, rounded to even, from the zero point on. Stands for QuantizeLinear.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ToBytes(ReadOnlySpan<float> row, float scale, byte zero, Span<byte> bytes)
    {
        ref float x = ref MemoryMarshal.GetReference(row);
        ref byte y = ref MemoryMarshal.GetReference(bytes);
        int i = 0;
        for (; i <= row.Length - (4 * Lanes); i += 4 * Lanes)
        {
            Vector<short> low = Vector.Narrow(ToWhole(Load(ref x, i), scale, zero), ToWhole(Load(ref x, i + Lanes), scale, zero));
            Vector<short> high = Vector.Narrow(
                ToWhole(Load(ref x, i + (2 * Lanes)), scale, zero), ToWhole(Load(ref x, i + (3 * Lanes)), scale, zero));
            Vector.Narrow(Vector.AsVectorUInt16(low), Vector.AsVectorUInt16(high)).StoreUnsafe(ref y, (nuint)i);
        }

        // MathF.Round rounds to even as well. A row of zeros has the scale zero, and any byte does.
        for (; i < row.Length; i++)
            bytes[i] = scale == 0 ? zero : (byte)((int)MathF.Round(Math.Clamp(row[i] / scale, -zero, byte.MaxValue - zero)) + zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<int> ToWhole(Vector<float> values, float scale, byte zero)
    {
        Vector<float> inside = Vector.MinNative(
            Vector.MaxNative(values / new Vector<float>(scale), new Vector<float>(-zero)), new Vector<float>(byte.MaxValue - zero));
        return Vector.ConvertToInt32Native(Vector.Round(inside)) + new Vector<int>(zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Load(ref float from, int at) => Vector.LoadUnsafe(ref from, (nuint)at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector<float> value, ref float to, int at) => value.StoreUnsafe(ref to, (nuint)at);
}
