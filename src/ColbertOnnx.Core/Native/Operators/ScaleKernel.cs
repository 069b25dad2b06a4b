using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ColbertOnnx.Native.Operators;

/// <summary>
/// A row of products whose bytes had a zero point of their own: times its scale, plus its shift times the sums of the matrix's columns, a
/// bias, and another row; all are there.
/// </summary>
internal static class ScaleKernel<S, V>
    where S : struct, ISimd<V>
    where V : struct
{
    /// <summary>
    /// The result may be the row itself. One loop for all: the compiler's time for a second one is longer than what zeros cost.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(
        ReadOnlySpan<float> row, float scale, ReadOnlySpan<float> bias, float shift, ReadOnlySpan<float> sums, ReadOnlySpan<float> other,
        Span<float> result)
    {
        ref float x = ref MemoryMarshal.GetReference(row), b = ref MemoryMarshal.GetReference(bias),
            c = ref MemoryMarshal.GetReference(sums), o = ref MemoryMarshal.GetReference(other),
            y = ref MemoryMarshal.GetReference(result);
        V scales = S.Create(scale), shifts = S.Create(shift);
        int i = 0;
        for (; i <= row.Length - S.Count; i += S.Count)
            S.Store(
                S.Add(S.MultiplyAdd(S.Load(ref x, i), scales, S.MultiplyAdd(S.Load(ref c, i), shifts, S.Load(ref b, i))), S.Load(ref o, i)),
                ref y, i);
        for (; i < row.Length; i++)
            result[i] = Simd128.MultiplyAdd(One(row[i]), One(scale), Simd128.MultiplyAdd(One(sums[i]), One(shift), One(bias[i])))
                .ToScalar() + other[i];
    }

    // With the roundings of a vector's element.
    private static Vector128<float> One(float value) => Vector128.CreateScalar(value);
}
