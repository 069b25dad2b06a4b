using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ColbertOnnx.Native.Operators;

/// <summary>
/// GELU of a row of products, and its bytes: max(x, 0) - R(min(|x|, 3.9)), where R(y) = y P(N > y) has no bend. So a polynomial of degree 7
/// is within 0.00015 of the exact function everywhere, without a division; the coefficients have the least largest error of those that give
/// 0 at 0.
/// </summary>
internal static class GeluKernel<S, V>
    where S : struct, ISimd<V>
    where V : struct
{
    /// <summary>
    /// The row times its scale, plus a bias, through GELU; its bytes and their scale. Stands for Mul, Add, Gelu, ReduceMax, Mul, Max,
    /// QuantizeLinear.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Run(
        ReadOnlySpan<float> row, float scale, ReadOnlySpan<float> bias, in RowQuantization how, Span<float> between, Span<byte> bytes)
    {
        ref float x = ref MemoryMarshal.GetReference(row), b = ref MemoryMarshal.GetReference(bias),
            y = ref MemoryMarshal.GetReference(between);
        V scales = S.Create(scale), most = default;
        int i = 0;
        for (; i <= row.Length - S.Count; i += S.Count)
        {
            V value = Gelu<S, V>(S.MultiplyAdd(S.Load(ref x, i), scales, S.Load(ref b, i)));
            S.Store(value, ref y, i);
            most = S.LargerMagnitude(most, value);
        }

        float largest = S.Largest(most);
        for (; i < row.Length; i++)
            largest = Larger(largest, between[i] = Gelu<Simd128, Vector128<float>>(Scaled(row[i], scale, bias[i])).ToScalar());
        return Finish(between, largest, in how, bytes);
    }

    /// <summary>The same times another row, which has the same scale and a bias of its own: a gated linear unit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float RunGated(
        ReadOnlySpan<float> row, ReadOnlySpan<float> bias, ReadOnlySpan<float> other, ReadOnlySpan<float> otherBias, float scale,
        in RowQuantization how, Span<float> between, Span<byte> bytes)
    {
        ref float x = ref MemoryMarshal.GetReference(row), b = ref MemoryMarshal.GetReference(bias),
            o = ref MemoryMarshal.GetReference(other),
            c = ref MemoryMarshal.GetReference(otherBias), y = ref MemoryMarshal.GetReference(between);
        V scales = S.Create(scale), most = default;
        int i = 0;
        for (; i <= row.Length - S.Count; i += S.Count)
        {
            V value = S.Multiply(
                Gelu<S, V>(S.MultiplyAdd(S.Load(ref x, i), scales, S.Load(ref b, i))),
                S.MultiplyAdd(S.Load(ref o, i), scales, S.Load(ref c, i)));
            S.Store(value, ref y, i);
            most = S.LargerMagnitude(most, value);
        }

        float largest = S.Largest(most);
        for (; i < row.Length; i++)
            largest = Larger(
                largest,
                between[i] = (Gelu<Simd128, Vector128<float>>(Scaled(row[i], scale, bias[i])) * Scaled(
                    other[i], scale, otherBias[i])).ToScalar());
        return Finish(between, largest, in how, bytes);
    }

    // Where the largest value of a row is asked for (asymmetric rows), its magnitude will do: of what is below zero none is beyond 0.17,
    // and the smallest scale is that of 0.17.
    private static float Finish(ReadOnlySpan<float> between, float largest, in RowQuantization how, Span<byte> bytes)
    {
        float result = how.ScaleOf(largest);
        RowBytes<S, V>.Write(between, result, how.ZeroPoint, bytes);
        return result;
    }

    private static float Larger(float largest, float value) => Math.Max(largest, Math.Abs(value));

    private static Vector128<float> Scaled(float value, float scale, float bias) =>
        Simd128.MultiplyAdd(Vector128.CreateScalar(value), Vector128.CreateScalar(scale), Vector128.CreateScalar(bias));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static W Gelu<L, W>(W x)
        where L : struct, ISimd<W>
        where W : struct
    {
        W y = L.Min(L.Abs(x), L.Create(3.9f));
        W p = L.MultiplyAdd(L.Create(-0.000686550481123159f), y, L.Create(0.01049041857332693f));
        p = L.MultiplyAdd(p, y, L.Create(-0.060466713505906426f));
        p = L.MultiplyAdd(p, y, L.Create(0.14727401924296632f));
        p = L.MultiplyAdd(p, y, L.Create(-0.05218173196488435f));
        p = L.MultiplyAdd(p, y, L.Create(-0.3851966740361656f));
        p = L.MultiplyAdd(p, y, L.Create(0.4993299076899857f));
        return L.Subtract(L.Max(default, x), L.Multiply(p, y));
    }
}
