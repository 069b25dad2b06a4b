using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace ColbertOnnx.Scoring;

/// <summary>
/// Query rows lie across the lanes of a vector, so that the best document row of each is found without ever adding up a
/// vector's lanes. Eight document rows by two vectors of query rows are sixteen sums in registers, with ten loads for
/// sixteen multiply-adds. Without 512-bit vectors a PC has sixteen registers and takes four rows: eight sums just hide the latency, and none spills.
/// </summary>
internal static class MaxSimKernel<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private static int Rows => X86Base.IsSupported && TSimd.Count < 16 ? 4 : 8;

    /// <summary>Query rows of a panel.</summary>
    public static int Width => 2 * TSimd.Count;

    /// <summary>
    /// For each query row of the panel its best dot product and the document row that gives it.
    /// </summary>
    /// <param name="panel">dimension x <see cref="Width"/> numbers: component k of all query rows, then k + 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(ReadOnlySpan<float> panel, ReadOnlySpan<float> document, int dimension, Span<float> best, Span<float> bestRow)
    {
        TVector best0 = TSimd.Create(float.NegativeInfinity), best1 = best0;
        TVector row0 = TSimd.Create(-1), row1 = row0;
        int count = document.Length / dimension;
        int row = 0;
        ref readonly float q = ref panel[0];
        ref readonly float d = ref document[0];
        while (row < count)
        {
            // The last block overlaps the one before it: a row seen twice changes no maximum.
            if (count >= Rows)
            {
                row = Math.Min(row, count - Rows);
                ref readonly float block = ref Unsafe.Add(ref Unsafe.AsRef(in d), (nint)row * dimension);
                if (Rows == 8) Eight(in q, in block, dimension, row, ref best0, ref best1, ref row0, ref row1);
                else Four(in q, in block, dimension, row, ref best0, ref best1, ref row0, ref row1);
                row += Rows;
            }
            else
            {
                Single(in q, in Unsafe.Add(ref Unsafe.AsRef(in d), (nint)row * dimension), dimension, row, ref best0, ref best1, ref row0, ref row1);
                row++;
            }
        }

        TSimd.Store(best0, ref best[0], 0);
        TSimd.Store(best1, ref best[TSimd.Count], 0);
        TSimd.Store(row0, ref bestRow[0], 0);
        TSimd.Store(row1, ref bestRow[TSimd.Count], 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eight(
        ref readonly float q, ref readonly float d, int dimension, int row, ref TVector best0, ref TVector best1, ref TVector row0, ref TVector row1)
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
    private static void Four(
        ref readonly float q, ref readonly float d, int dimension, int row, ref TVector best0, ref TVector best1, ref TVector row0, ref TVector row1)
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
    private static void Single(
        ref readonly float q, ref readonly float d, int dimension, int row, ref TVector best0, ref TVector best1, ref TVector row0, ref TVector row1)
    {
        TVector a = TSimd.Create(0), b = a;
        nuint width = (nuint)Width;
        ref float x = ref Unsafe.AsRef(in d);
        for (nuint k = 0; k < (nuint)dimension; k++)
        {
            TVector value = TSimd.Create(Unsafe.Add(ref x, k));
            a = TSimd.MultiplyAdd(TSimd.Load(in q, k * width), value, a);
            b = TSimd.MultiplyAdd(TSimd.Load(in q, (k * width) + (nuint)TSimd.Count), value, b);
        }

        Improve(a, b, row, ref best0, ref best1, ref row0, ref row1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Improve(TVector a, TVector b, int row, ref TVector best0, ref TVector best1, ref TVector row0, ref TVector row1)
    {
        TVector number = TSimd.Create(row);
        TSimd.Improve(a, number, ref best0, ref row0);
        TSimd.Improve(b, number, ref best1, ref row1);
    }
}
