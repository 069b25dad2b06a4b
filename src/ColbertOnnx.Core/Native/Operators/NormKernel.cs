using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ColbertOnnx.Native.Operators;

/// <summary>
/// The layer norm of a row and its bytes, while it is in the CPU's first cache. The variance is that of the distances from the mean, not of
/// the squares. A row with NaN or infinity becomes all NaN, as its mean is.
/// </summary>
internal static class NormKernel<S, V>
    where S : struct, ISimd<V>
    where V : struct
{
    /// <param name="sum">The row.</param>
    /// <param name="weight">Of the norm.</param>
    /// <param name="beta">Of the norm.</param>
    /// <param name="settings">How.</param>
    /// <param name="norm">The result; it may be the row itself.</param>
    /// <param name="bytes">Of the result.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static RowScale Run(
        ReadOnlySpan<float> sum, ReadOnlySpan<float> weight, ReadOnlySpan<float> beta, in NormSettings settings, Span<float> norm,
        Span<byte> bytes)
    {
        float mean = Mean(sum), factor = 1 / MathF.Sqrt(Variance(sum, mean) + settings.Epsilon);
        (float smallest, float largest) = Range(sum, weight, beta, mean, factor, norm);
        RowScale result = settings.How.HasOwnZeroPoint
            ? RowScale.Of(smallest, largest)
            : new RowScale(settings.How.ScaleOf(Math.Max(largest, -smallest)), settings.How.ZeroPoint);
        RowBytes<S, V>.Write(norm, result.Scale, result.ZeroPoint, bytes);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Mean(ReadOnlySpan<float> row)
    {
        ref float x = ref MemoryMarshal.GetReference(row);
        V first = default, second = default;
        int i = 0;
        for (; i <= row.Length - (2 * S.Count); i += 2 * S.Count)
            (first, second) = (S.Add(first, S.Load(ref x, i)), S.Add(second, S.Load(ref x, i + S.Count)));
        float sum = S.Sum(S.Add(first, second));
        for (; i < row.Length; i++) sum += row[i];
        return sum / row.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Variance(ReadOnlySpan<float> row, float mean)
    {
        ref float x = ref MemoryMarshal.GetReference(row);
        V first = default, second = default, means = S.Create(mean);
        int i = 0;
        for (; i <= row.Length - (2 * S.Count); i += 2 * S.Count)
        {
            V a = S.Subtract(S.Load(ref x, i), means), b = S.Subtract(S.Load(ref x, i + S.Count), means);
            (first, second) = (S.MultiplyAdd(a, a, first), S.MultiplyAdd(b, b, second));
        }

        float squares = S.Sum(S.Add(first, second));
        for (; i < row.Length; i++) squares += (row[i] - mean) * (row[i] - mean);
        return squares / row.Length;
    }

    // Writes the norm. From 0 on both ways.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (float Smallest, float Largest) Range(
        ReadOnlySpan<float> row, ReadOnlySpan<float> weight, ReadOnlySpan<float> beta, float mean, float factor, Span<float> norm)
    {
        ref float x = ref MemoryMarshal.GetReference(row), w = ref MemoryMarshal.GetReference(weight),
            b = ref MemoryMarshal.GetReference(beta), y = ref MemoryMarshal.GetReference(norm);
        V means = S.Create(mean), factors = S.Create(factor), most = default, least = S.Create(-0f);
        int i = 0;
        for (; i <= row.Length - S.Count; i += S.Count)
        {
            V value = Normed(S.Load(ref x, i), means, factors, S.Load(ref w, i), S.Load(ref b, i));
            S.Store(value, ref y, i);
            (most, least) = (S.Larger(most, value), S.Smaller(least, value));
        }

        float largest = S.Largest(most), smallest = S.Smallest(least);
        for (; i < row.Length; i++)
        {
            norm[i] = ((row[i] - mean) * factor * weight[i]) + beta[i];
            (largest, smallest) = (Math.Max(largest, norm[i]), Math.Min(smallest, norm[i]));
        }

        return (smallest, largest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Normed(V x, V mean, V factor, V weight, V beta) =>
        S.MultiplyAdd(S.Multiply(S.Subtract(x, mean), factor), weight, beta);
}
