using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using ColbertOnnx.Native;

namespace ColbertOnnx.Scoring;

/// <summary>
/// Query rows lie across the lanes of a vector, so that the best document row of each is found without ever adding up a
/// vector's lanes. Eight document rows by two vectors of query rows are sixteen sums in registers, with ten loads for
/// sixteen multiply-adds. Without 512-bit vectors a PC has sixteen registers and takes four rows: eight sums just hide the latency, and
/// none spills. What is left of a query takes one vector by eight rows.
/// </summary>
internal static partial class MaxSimKernel<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private static int PairRows => X86Base.IsSupported && TSimd.Count < 16 ? 4 : 8;

    private const int SingleRows = 8;

    /// <summary>
    /// For each query row of the panel its best dot product and the document row that gives it.
    /// </summary>
    /// <param name="panel">dimension x 2 vectors: component k of all query rows, then k + 1.</param>
    /// <param name="document">At least one row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RunPair(
        ReadOnlySpan<float> panel, ReadOnlySpan<float> document, int dimension, Span<float> best, Span<float> bestRow)
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
            if (count >= PairRows)
            {
                row = Math.Min(row, count - PairRows);
                ref readonly float block = ref Unsafe.Add(ref Unsafe.AsRef(in d), (nint)row * dimension);
                if (PairRows == 8) PairByEight(in q, in block, dimension, row, ref best0, ref best1, ref row0, ref row1);
                else PairByFour(in q, in block, dimension, row, ref best0, ref best1, ref row0, ref row1);
                row += PairRows;
            }
            else
            {
                PairByOne(
                    in q, in Unsafe.Add(ref Unsafe.AsRef(in d), (nint)row * dimension), dimension, row, ref best0, ref best1,
                    ref row0, ref row1);
                row++;
            }
        }

        TSimd.Store(best0, ref best[0], 0);
        TSimd.Store(best1, ref best[TSimd.Count], 0);
        TSimd.Store(row0, ref bestRow[0], 0);
        TSimd.Store(row1, ref bestRow[TSimd.Count], 0);
    }

    /// <summary>The same for a panel of one vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RunSingle(
        ReadOnlySpan<float> panel, ReadOnlySpan<float> document, int dimension, Span<float> best, Span<float> bestRow)
    {
        TVector best0 = TSimd.Create(float.NegativeInfinity), row0 = TSimd.Create(-1);
        int count = document.Length / dimension;
        int row = 0;
        ref readonly float q = ref panel[0];
        ref readonly float d = ref document[0];
        while (row < count)
        {
            if (count >= SingleRows)
            {
                row = Math.Min(row, count - SingleRows);
                SingleByEight(in q, in Unsafe.Add(ref Unsafe.AsRef(in d), (nint)row * dimension), dimension, row, ref best0, ref row0);
                row += SingleRows;
            }
            else
            {
                SingleByOne(in q, in Unsafe.Add(ref Unsafe.AsRef(in d), (nint)row * dimension), dimension, row, ref best0, ref row0);
                row++;
            }
        }

        TSimd.Store(best0, ref best[0], 0);
        TSimd.Store(row0, ref bestRow[0], 0);
    }
}
