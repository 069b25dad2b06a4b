using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Vector = System.Runtime.Intrinsics.Vector512<float>;

namespace ColbertOnnx.Native;

/// <summary>
/// MaxSim of eight or twelve query rows with vectors of 512 bits. A vector holds four query rows, of each four components one
/// after the other, so that no lane is empty where a vector of sixteen query rows would be half full. Four components of a
/// document row are broadcast at once; the four partial sums of a dot product are added up when the row is done, four rows
/// together. With pointers: there is no other way to broadcast from memory without a shuffle.
/// </summary>
internal static unsafe class ShortQueryTiles
{
    private const int Phases = 4;

    // Document rows by two or three vectors of query rows: 16 or 24 sums in registers, 10 or 11 loads for as many multiply-adds.
    private const int Block = 8;

    /// <summary>Whether this CPU, and this dimension, have such tiles.</summary>
    public static bool Support(int dimension) => Avx512F.IsSupported && dimension % Phases == 0;

    private static Vector Places => Vector512.Create(0f, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3);

    /// <summary>Lays query rows out for <see cref="Run"/>.</summary>
    /// <param name="rows">Query rows, at most <paramref name="width"/>; the others become zeros.</param>
    /// <param name="width">8 or 12.</param>
    /// <param name="panel">width x dimension.</param>
    public static void Pack(ReadOnlySpan<float> rows, int width, int dimension, Span<float> panel)
    {
        panel.Clear();
        for (int i = 0; i < rows.Length; i++)
        {
            (int row, int k) = Math.DivRem(i, dimension);
            panel[(k / Phases * Phases * width) + (row * Phases) + (k % Phases)] = rows[i];
        }
    }

    /// <summary>For each query row its best dot product and the document row that gives it; of equal ones the first.</summary>
    /// <param name="document">At least one row.</param>
    /// <param name="best">At least <paramref name="width"/>.</param>
    /// <param name="bestRow">At least <paramref name="width"/>.</param>
    public static void Run(
        ReadOnlySpan<float> panel, int width, ReadOnlySpan<float> document, int dimension, Span<float> best, Span<float> bestRow)
    {
        int count = document.Length / dimension;
        if (count >= Block)
        {
            fixed (float* query = panel, rows = document, dots = best, numbers = bestRow)
            {
                if (width == 12) Three(query, rows, dimension, count, dots, numbers);
                else Two(query, rows, dimension, count, dots, numbers);
            }

            return;
        }

        // A block at least: the last row again, which wins nothing from itself.
        float[] padded = ArrayPool<float>.Shared.Rent(Block * dimension);
        document.CopyTo(padded);
        for (int row = count; row < Block; row++) document[^dimension..].CopyTo(padded.AsSpan(row * dimension));
        Run(panel, width, padded.AsSpan(0, Block * dimension), dimension, best, bestRow);
        ArrayPool<float>.Shared.Return(padded);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two(float* panel, float* document, int dimension, int count, float* best, float* bestRow)
    {
        Vector best0 = Vector512.Create(float.NegativeInfinity), best1 = best0;
        Vector row0 = Vector512.Create(-1f), row1 = row0;
        nint n = dimension;
        for (int row = 0; row < count; row += Block)
        {
            // The last block overlaps the one before it: a row seen twice changes no maximum.
            row = Math.Min(row, count - Block);
            Vector a0 = Vector.Zero, a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
            Vector b0 = Vector.Zero, b1 = b0, b2 = b0, b3 = b0, b4 = b0, b5 = b0, b6 = b0, b7 = b0;
            float* p = panel, x = document + (row * n), y = x + (4 * n);
            for (float* end = x + n; x < end; x += Phases, y += Phases)
            {
                Vector q0 = Vector512.Load(p), q1 = Vector512.Load(p + 16);
                p += 32;
                Vector v = Avx512F.BroadcastVector128ToVector512(x);
                a0 = Avx512F.FusedMultiplyAdd(q0, v, a0);
                b0 = Avx512F.FusedMultiplyAdd(q1, v, b0);
                v = Avx512F.BroadcastVector128ToVector512(x + n);
                a1 = Avx512F.FusedMultiplyAdd(q0, v, a1);
                b1 = Avx512F.FusedMultiplyAdd(q1, v, b1);
                v = Avx512F.BroadcastVector128ToVector512(x + (2 * n));
                a2 = Avx512F.FusedMultiplyAdd(q0, v, a2);
                b2 = Avx512F.FusedMultiplyAdd(q1, v, b2);
                v = Avx512F.BroadcastVector128ToVector512(x + (3 * n));
                a3 = Avx512F.FusedMultiplyAdd(q0, v, a3);
                b3 = Avx512F.FusedMultiplyAdd(q1, v, b3);
                v = Avx512F.BroadcastVector128ToVector512(y);
                a4 = Avx512F.FusedMultiplyAdd(q0, v, a4);
                b4 = Avx512F.FusedMultiplyAdd(q1, v, b4);
                v = Avx512F.BroadcastVector128ToVector512(y + n);
                a5 = Avx512F.FusedMultiplyAdd(q0, v, a5);
                b5 = Avx512F.FusedMultiplyAdd(q1, v, b5);
                v = Avx512F.BroadcastVector128ToVector512(y + (2 * n));
                a6 = Avx512F.FusedMultiplyAdd(q0, v, a6);
                b6 = Avx512F.FusedMultiplyAdd(q1, v, b6);
                v = Avx512F.BroadcastVector128ToVector512(y + (3 * n));
                a7 = Avx512F.FusedMultiplyAdd(q0, v, a7);
                b7 = Avx512F.FusedMultiplyAdd(q1, v, b7);
            }

            Vector number = Vector512.Create((float)row) + Places;
            Improve(Sum(a0, a1, a2, a3), number, ref best0, ref row0);
            Improve(Sum(b0, b1, b2, b3), number, ref best1, ref row1);
            number += Vector512.Create(4f);
            Improve(Sum(a4, a5, a6, a7), number, ref best0, ref row0);
            Improve(Sum(b4, b5, b6, b7), number, ref best1, ref row1);
        }

        Reduce(best0, row0, best, bestRow);
        Reduce(best1, row1, best + 4, bestRow + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Three(float* panel, float* document, int dimension, int count, float* best, float* bestRow)
    {
        Vector best0 = Vector512.Create(float.NegativeInfinity), best1 = best0, best2 = best0;
        Vector row0 = Vector512.Create(-1f), row1 = row0, row2 = row0;
        nint n = dimension;
        for (int row = 0; row < count; row += Block)
        {
            // The last block overlaps the one before it: a row seen twice changes no maximum.
            row = Math.Min(row, count - Block);
            Vector a0 = Vector.Zero, a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
            Vector b0 = Vector.Zero, b1 = b0, b2 = b0, b3 = b0, b4 = b0, b5 = b0, b6 = b0, b7 = b0;
            Vector c0 = Vector.Zero, c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0;
            float* p = panel, x = document + (row * n), y = x + (4 * n);
            for (float* end = x + n; x < end; x += Phases, y += Phases)
            {
                Vector q0 = Vector512.Load(p), q1 = Vector512.Load(p + 16), q2 = Vector512.Load(p + 32);
                p += 48;
                Vector v = Avx512F.BroadcastVector128ToVector512(x);
                a0 = Avx512F.FusedMultiplyAdd(q0, v, a0);
                b0 = Avx512F.FusedMultiplyAdd(q1, v, b0);
                c0 = Avx512F.FusedMultiplyAdd(q2, v, c0);
                v = Avx512F.BroadcastVector128ToVector512(x + n);
                a1 = Avx512F.FusedMultiplyAdd(q0, v, a1);
                b1 = Avx512F.FusedMultiplyAdd(q1, v, b1);
                c1 = Avx512F.FusedMultiplyAdd(q2, v, c1);
                v = Avx512F.BroadcastVector128ToVector512(x + (2 * n));
                a2 = Avx512F.FusedMultiplyAdd(q0, v, a2);
                b2 = Avx512F.FusedMultiplyAdd(q1, v, b2);
                c2 = Avx512F.FusedMultiplyAdd(q2, v, c2);
                v = Avx512F.BroadcastVector128ToVector512(x + (3 * n));
                a3 = Avx512F.FusedMultiplyAdd(q0, v, a3);
                b3 = Avx512F.FusedMultiplyAdd(q1, v, b3);
                c3 = Avx512F.FusedMultiplyAdd(q2, v, c3);
                v = Avx512F.BroadcastVector128ToVector512(y);
                a4 = Avx512F.FusedMultiplyAdd(q0, v, a4);
                b4 = Avx512F.FusedMultiplyAdd(q1, v, b4);
                c4 = Avx512F.FusedMultiplyAdd(q2, v, c4);
                v = Avx512F.BroadcastVector128ToVector512(y + n);
                a5 = Avx512F.FusedMultiplyAdd(q0, v, a5);
                b5 = Avx512F.FusedMultiplyAdd(q1, v, b5);
                c5 = Avx512F.FusedMultiplyAdd(q2, v, c5);
                v = Avx512F.BroadcastVector128ToVector512(y + (2 * n));
                a6 = Avx512F.FusedMultiplyAdd(q0, v, a6);
                b6 = Avx512F.FusedMultiplyAdd(q1, v, b6);
                c6 = Avx512F.FusedMultiplyAdd(q2, v, c6);
                v = Avx512F.BroadcastVector128ToVector512(y + (3 * n));
                a7 = Avx512F.FusedMultiplyAdd(q0, v, a7);
                b7 = Avx512F.FusedMultiplyAdd(q1, v, b7);
                c7 = Avx512F.FusedMultiplyAdd(q2, v, c7);
            }

            Vector number = Vector512.Create((float)row) + Places;
            Improve(Sum(a0, a1, a2, a3), number, ref best0, ref row0);
            Improve(Sum(b0, b1, b2, b3), number, ref best1, ref row1);
            Improve(Sum(c0, c1, c2, c3), number, ref best2, ref row2);
            number += Vector512.Create(4f);
            Improve(Sum(a4, a5, a6, a7), number, ref best0, ref row0);
            Improve(Sum(b4, b5, b6, b7), number, ref best1, ref row1);
            Improve(Sum(c4, c5, c6, c7), number, ref best2, ref row2);
        }

        Reduce(best0, row0, best, bestRow);
        Reduce(best1, row1, best + 4, bestRow + 4);
        Reduce(best2, row2, best + 8, bestRow + 8);
    }

    // Four sums of one query row in four lanes become those of four document rows: lane j of a query row has that of document row j.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector Sum(Vector a, Vector b, Vector c, Vector d)
    {
        Vector first = Avx512F.UnpackLow(a, b) + Avx512F.UnpackHigh(a, b), second = Avx512F.UnpackLow(c, d) + Avx512F.UnpackHigh(c, d);
        return Avx512F.Shuffle(first, second, 0b01_00_01_00) + Avx512F.Shuffle(first, second, 0b11_10_11_10);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Improve(Vector value, Vector number, ref Vector best, ref Vector row)
    {
        Vector greater = Vector512.GreaterThan(value, best);
        best = Vector512.ConditionalSelect(greater, value, best);
        row = Vector512.ConditionalSelect(greater, number, row);
    }

    // Of four query rows.
    private static void Reduce(Vector best, Vector row, float* dots, float* numbers)
    {
        for (int i = 0; i < 4; i++)
        {
            (dots[i], numbers[i]) = (best[4 * i], row[4 * i]);
            for (int j = 1; j < 4; j++)
            {
                float dot = best[(4 * i) + j], number = row[(4 * i) + j];
                if (dot > dots[i] || (dot == dots[i] && number < numbers[i])) (dots[i], numbers[i]) = (dot, number);
            }
        }
    }
}
