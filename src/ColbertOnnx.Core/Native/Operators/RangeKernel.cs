using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ColbertOnnx.Native.Operators;

/// <summary>Bytes of a row over the whole range of its values. A row that contains NaN has NaN as its scale.</summary>
internal static class RangeKernel<S, V>
    where S : struct, ISimd<V>
    where V : struct
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static RowScale Run(ReadOnlySpan<float> row, Span<byte> bytes)
    {
        ref float x = ref MemoryMarshal.GetReference(row);
        V most = default, least = S.Create(-0f), most2 = most, least2 = least;
        int i = 0;
        for (; i <= row.Length - (2 * S.Count); i += 2 * S.Count)
        {
            V a = S.Load(ref x, i), b = S.Load(ref x, i + S.Count);
            (most, least) = (S.Larger(most, a), S.Smaller(least, a));
            (most2, least2) = (S.Larger(most2, b), S.Smaller(least2, b));
        }

        float largest = S.Largest(S.Larger(most, most2)), smallest = S.Smallest(S.Smaller(least, least2));
        for (; i < row.Length; i++) (largest, smallest) = (Math.Max(largest, row[i]), Math.Min(smallest, row[i]));
        var result = RowScale.Of(smallest, largest);
        RowBytes<S, V>.Write(row, result.Scale, result.ZeroPoint, bytes);
        return result;
    }
}
