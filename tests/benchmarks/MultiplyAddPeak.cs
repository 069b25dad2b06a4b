using System.Diagnostics;
using System.Runtime.CompilerServices;
using ColbertOnnx.Native;

namespace ColbertOnnx.Benchmarks;

/// <summary>How many multiply-adds a second one thread can do at all: twelve sums in registers, no memory.</summary>
internal static class MultiplyAddPeak<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const int Sums = 12;
    private const int Times = 20_000;

    /// <summary>Multiply-adds a second: of the fastest loop in about this many seconds.</summary>
    public static double Measure(double seconds)
    {
        float sink = 0;
        double fastest = double.MaxValue;
        long began = Stopwatch.GetTimestamp();
        do
        {
            long start = Stopwatch.GetTimestamp();
            sink += Loop(Times);
            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        while (Stopwatch.GetElapsedTime(began).TotalSeconds < seconds);
        return float.IsFinite(sink)
            ? (double)Times * Sums * TSimd.Count / fastest
            : throw new InvalidOperationException("The sums overflowed.");
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Loop(int count)
    {
        TVector a0 = TSimd.Create(0.1f), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0, a8 = a0, a9 = a0, a10 = a0,
            a11 = a0;
        TVector factor = TSimd.Create(0.999f), term = TSimd.Create(0.001f);
        for (int i = 0; i < count; i++)
        {
            a0 = TSimd.MultiplyAdd(a0, factor, term);
            a1 = TSimd.MultiplyAdd(a1, factor, term);
            a2 = TSimd.MultiplyAdd(a2, factor, term);
            a3 = TSimd.MultiplyAdd(a3, factor, term);
            a4 = TSimd.MultiplyAdd(a4, factor, term);
            a5 = TSimd.MultiplyAdd(a5, factor, term);
            a6 = TSimd.MultiplyAdd(a6, factor, term);
            a7 = TSimd.MultiplyAdd(a7, factor, term);
            a8 = TSimd.MultiplyAdd(a8, factor, term);
            a9 = TSimd.MultiplyAdd(a9, factor, term);
            a10 = TSimd.MultiplyAdd(a10, factor, term);
            a11 = TSimd.MultiplyAdd(a11, factor, term);
        }

        // Every sum must be of use, or the compiler leaves it out; by value, for a sum with an address lives in memory.
        TVector one = TSimd.Create(1);
        a0 = TSimd.MultiplyAdd(a1, one, TSimd.MultiplyAdd(a2, one, TSimd.MultiplyAdd(a3, one, a0)));
        a4 = TSimd.MultiplyAdd(a5, one, TSimd.MultiplyAdd(a6, one, TSimd.MultiplyAdd(a7, one, a4)));
        a8 = TSimd.MultiplyAdd(a9, one, TSimd.MultiplyAdd(a10, one, TSimd.MultiplyAdd(a11, one, a8)));
        Span<float> last = stackalloc float[TSimd.Count];
        TSimd.Store(TSimd.MultiplyAdd(a0, one, TSimd.MultiplyAdd(a4, one, a8)), ref last[0], 0);
        float sum = 0;
        foreach (float value in last) sum += value;
        return sum;
    }
}
