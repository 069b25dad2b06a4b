using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ColbertOnnx.Native.Operators;

/// <summary>
/// Bytes of a row that was computed here: it is multiplied by one reciprocal, where QuantizeLinear divides, so a byte may differ by one
/// where the quotient is a half.
/// </summary>
internal static class RowBytes<S, V>
    where S : struct, ISimd<V>
    where V : struct
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write(ReadOnlySpan<float> row, float scale, byte zero, Span<byte> bytes)
    {
        // A row of zeros, or of values so small that there is no reciprocal: each becomes the zero point.
        float inverse = 1 / scale;
        if (!float.IsFinite(inverse)) inverse = 0;
        ref float x = ref MemoryMarshal.GetReference(row);
        ref byte y = ref MemoryMarshal.GetReference(bytes);
        V factor = S.Create(inverse);
        int i = 0;
        for (; i <= row.Length - (4 * S.Count); i += 4 * S.Count)
        {
            S.StoreBytes(
                S.Multiply(S.Load(ref x, i), factor), S.Multiply(S.Load(ref x, i + S.Count), factor),
                S.Multiply(S.Load(ref x, i + (2 * S.Count)), factor),
                S.Multiply(S.Load(ref x, i + (3 * S.Count)), factor), zero, ref y, i);
        }

        if (i == row.Length) return;
        Span<byte> rest = stackalloc byte[Vector128<byte>.Count];
        for (; i < row.Length; i += Vector128<float>.Count)
        {
            int count = Math.Min(row.Length - i, Vector128<float>.Count);
            Vector128<float> some = count == Vector128<float>.Count
                ? Vector128.LoadUnsafe(ref x, (nuint)i)
                : Vector128.Create(row[i], count > 1 ? row[i + 1] : 0, count > 2 ? row[i + 2] : 0, 0);
            Simd128.StoreBytes(some * inverse, default, default, default, zero, ref MemoryMarshal.GetReference(rest), 0);
            rest[..count].CopyTo(bytes[i..]);
        }
    }
}
