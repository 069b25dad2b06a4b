using System.Runtime.CompilerServices;

namespace ColbertOnnx.Scoring;

internal static partial class MaxSimKernel<TSimd, TVector>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PairByEight(
        ref readonly float q, ref readonly float d, int dimension, int row, ref TVector best0, ref TVector best1, ref TVector row0,
        ref TVector row1)
    {
        TVector zero = TSimd.Create(0);
        TVector a0 = zero, a1 = zero, a2 = zero, a3 = zero, a4 = zero, a5 = zero, a6 = zero, a7 = zero;
        TVector b0 = zero, b1 = zero, b2 = zero, b3 = zero, b4 = zero, b5 = zero, b6 = zero, b7 = zero;
        nuint n = (nuint)dimension;
        nuint second = (nuint)TSimd.Count;
        ref float p = ref Unsafe.AsRef(in q);
        ref float x0 = ref Unsafe.AsRef(in d);
        ref float x4 = ref Unsafe.Add(ref x0, 4 * n);
        for (nuint k = 0; k < n; k++)
        {
            TVector qa = TSimd.Load(in p, 0);
            TVector qb = TSimd.Load(in p, second);
            p = ref Unsafe.Add(ref p, 2 * second);
            TVector x = TSimd.Create(x0);
            a0 = TSimd.MultiplyAdd(qa, x, a0);
            b0 = TSimd.MultiplyAdd(qb, x, b0);
            x = TSimd.Create(Unsafe.Add(ref x0, n));
            a1 = TSimd.MultiplyAdd(qa, x, a1);
            b1 = TSimd.MultiplyAdd(qb, x, b1);
            x = TSimd.Create(Unsafe.Add(ref x0, 2 * n));
            a2 = TSimd.MultiplyAdd(qa, x, a2);
            b2 = TSimd.MultiplyAdd(qb, x, b2);
            x = TSimd.Create(Unsafe.Add(ref x0, 3 * n));
            a3 = TSimd.MultiplyAdd(qa, x, a3);
            b3 = TSimd.MultiplyAdd(qb, x, b3);
            x = TSimd.Create(x4);
            a4 = TSimd.MultiplyAdd(qa, x, a4);
            b4 = TSimd.MultiplyAdd(qb, x, b4);
            x = TSimd.Create(Unsafe.Add(ref x4, n));
            a5 = TSimd.MultiplyAdd(qa, x, a5);
            b5 = TSimd.MultiplyAdd(qb, x, b5);
            x = TSimd.Create(Unsafe.Add(ref x4, 2 * n));
            a6 = TSimd.MultiplyAdd(qa, x, a6);
            b6 = TSimd.MultiplyAdd(qb, x, b6);
            x = TSimd.Create(Unsafe.Add(ref x4, 3 * n));
            a7 = TSimd.MultiplyAdd(qa, x, a7);
            b7 = TSimd.MultiplyAdd(qb, x, b7);
            x0 = ref Unsafe.Add(ref x0, 1);
            x4 = ref Unsafe.Add(ref x4, 1);
        }

        Improve(a0, b0, row, ref best0, ref best1, ref row0, ref row1);
        Improve(a1, b1, row + 1, ref best0, ref best1, ref row0, ref row1);
        Improve(a2, b2, row + 2, ref best0, ref best1, ref row0, ref row1);
        Improve(a3, b3, row + 3, ref best0, ref best1, ref row0, ref row1);
        Improve(a4, b4, row + 4, ref best0, ref best1, ref row0, ref row1);
        Improve(a5, b5, row + 5, ref best0, ref best1, ref row0, ref row1);
        Improve(a6, b6, row + 6, ref best0, ref best1, ref row0, ref row1);
        Improve(a7, b7, row + 7, ref best0, ref best1, ref row0, ref row1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PairByFour(
        ref readonly float q, ref readonly float d, int dimension, int row, ref TVector best0, ref TVector best1, ref TVector row0,
        ref TVector row1)
    {
        TVector zero = TSimd.Create(0);
        TVector a0 = zero, a1 = zero, a2 = zero, a3 = zero;
        TVector b0 = zero, b1 = zero, b2 = zero, b3 = zero;
        nuint n = (nuint)dimension;
        nuint second = (nuint)TSimd.Count;
        ref float p = ref Unsafe.AsRef(in q);
        ref float x0 = ref Unsafe.AsRef(in d);
        for (nuint k = 0; k < n; k++)
        {
            TVector qa = TSimd.Load(in p, 0);
            TVector qb = TSimd.Load(in p, second);
            p = ref Unsafe.Add(ref p, 2 * second);
            TVector x = TSimd.Create(x0);
            a0 = TSimd.MultiplyAdd(qa, x, a0);
            b0 = TSimd.MultiplyAdd(qb, x, b0);
            x = TSimd.Create(Unsafe.Add(ref x0, n));
            a1 = TSimd.MultiplyAdd(qa, x, a1);
            b1 = TSimd.MultiplyAdd(qb, x, b1);
            x = TSimd.Create(Unsafe.Add(ref x0, 2 * n));
            a2 = TSimd.MultiplyAdd(qa, x, a2);
            b2 = TSimd.MultiplyAdd(qb, x, b2);
            x = TSimd.Create(Unsafe.Add(ref x0, 3 * n));
            a3 = TSimd.MultiplyAdd(qa, x, a3);
            b3 = TSimd.MultiplyAdd(qb, x, b3);
            x0 = ref Unsafe.Add(ref x0, 1);
        }

        Improve(a0, b0, row, ref best0, ref best1, ref row0, ref row1);
        Improve(a1, b1, row + 1, ref best0, ref best1, ref row0, ref row1);
        Improve(a2, b2, row + 2, ref best0, ref best1, ref row0, ref row1);
        Improve(a3, b3, row + 3, ref best0, ref best1, ref row0, ref row1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PairByOne(
        ref readonly float q, ref readonly float d, int dimension, int row, ref TVector best0, ref TVector best1, ref TVector row0,
        ref TVector row1)
    {
        TVector a = TSimd.Create(0), b = a;
        nuint width = (nuint)(2 * TSimd.Count);
        ref float x = ref Unsafe.AsRef(in d);
        for (nuint k = 0; k < (nuint)dimension; k++)
        {
            TVector value = TSimd.Create(Unsafe.Add(ref x, k));
            a = TSimd.MultiplyAdd(TSimd.Load(in q, k * width), value, a);
            b = TSimd.MultiplyAdd(TSimd.Load(in q, (k * width) + (nuint)TSimd.Count), value, b);
        }

        Improve(a, b, row, ref best0, ref best1, ref row0, ref row1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SingleByEight(
        ref readonly float q, ref readonly float d, int dimension, int row, ref TVector best0, ref TVector row0)
    {
        TVector zero = TSimd.Create(0);
        TVector a0 = zero, a1 = zero, a2 = zero, a3 = zero, a4 = zero, a5 = zero, a6 = zero, a7 = zero;
        nuint n = (nuint)dimension;
        nuint width = (nuint)TSimd.Count;
        ref float p = ref Unsafe.AsRef(in q);
        ref float x0 = ref Unsafe.AsRef(in d);
        ref float x4 = ref Unsafe.Add(ref x0, 4 * n);
        for (nuint k = 0; k < n; k++)
        {
            TVector qa = TSimd.Load(in p, 0);
            p = ref Unsafe.Add(ref p, width);
            a0 = TSimd.MultiplyAdd(qa, TSimd.Create(x0), a0);
            a1 = TSimd.MultiplyAdd(qa, TSimd.Create(Unsafe.Add(ref x0, n)), a1);
            a2 = TSimd.MultiplyAdd(qa, TSimd.Create(Unsafe.Add(ref x0, 2 * n)), a2);
            a3 = TSimd.MultiplyAdd(qa, TSimd.Create(Unsafe.Add(ref x0, 3 * n)), a3);
            a4 = TSimd.MultiplyAdd(qa, TSimd.Create(x4), a4);
            a5 = TSimd.MultiplyAdd(qa, TSimd.Create(Unsafe.Add(ref x4, n)), a5);
            a6 = TSimd.MultiplyAdd(qa, TSimd.Create(Unsafe.Add(ref x4, 2 * n)), a6);
            a7 = TSimd.MultiplyAdd(qa, TSimd.Create(Unsafe.Add(ref x4, 3 * n)), a7);
            x0 = ref Unsafe.Add(ref x0, 1);
            x4 = ref Unsafe.Add(ref x4, 1);
        }

        TSimd.Improve(a0, TSimd.Create(row), ref best0, ref row0);
        TSimd.Improve(a1, TSimd.Create(row + 1), ref best0, ref row0);
        TSimd.Improve(a2, TSimd.Create(row + 2), ref best0, ref row0);
        TSimd.Improve(a3, TSimd.Create(row + 3), ref best0, ref row0);
        TSimd.Improve(a4, TSimd.Create(row + 4), ref best0, ref row0);
        TSimd.Improve(a5, TSimd.Create(row + 5), ref best0, ref row0);
        TSimd.Improve(a6, TSimd.Create(row + 6), ref best0, ref row0);
        TSimd.Improve(a7, TSimd.Create(row + 7), ref best0, ref row0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SingleByOne(ref readonly float q, ref readonly float d, int dimension, int row, ref TVector best0, ref TVector row0)
    {
        TVector a = TSimd.Create(0);
        ref float x = ref Unsafe.AsRef(in d);
        for (nuint k = 0; k < (nuint)dimension; k++)
            a = TSimd.MultiplyAdd(TSimd.Load(in q, k * (nuint)TSimd.Count), TSimd.Create(Unsafe.Add(ref x, k)), a);
        TSimd.Improve(a, TSimd.Create(row), ref best0, ref row0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Improve(TVector a, TVector b, int row, ref TVector best0, ref TVector best1, ref TVector row0, ref TVector row1)
    {
        TVector number = TSimd.Create(row);
        TSimd.Improve(a, number, ref best0, ref row0);
        TSimd.Improve(b, number, ref best1, ref row1);
    }
}
