using System.Numerics;
using System.Runtime.InteropServices;

namespace ColbertOnnx.Runtime.Rows;

/// <summary>The sum of each column of a matrix of signed bytes: opening a graph waits for it.</summary>
internal static class ColumnSums
{
    // So many bytes of at most 128 are within a short.
    private const int Block = 255;

    public static int[] Of(ReadOnlySpan<byte> matrix, int columns)
    {
        int[] sums = new int[columns];
        short[] some = new short[columns];
        int rows = matrix.Length / columns;
        for (int first = 0; first < rows; first += Block)
        {
            Array.Clear(some);
            for (int row = first; row < Math.Min(rows, first + Block); row++)
                Add(MemoryMarshal.Cast<byte, sbyte>(matrix.Slice(row * columns, columns)), some);
            for (int i = 0; i < columns; i++) sums[i] += some[i];
        }

        return sums;
    }

    private static void Add(ReadOnlySpan<sbyte> row, Span<short> sums)
    {
        int i = 0, half = Vector<short>.Count;
        for (; i <= row.Length - Vector<sbyte>.Count; i += Vector<sbyte>.Count)
        {
            Vector.Widen(new Vector<sbyte>(row[i..]), out Vector<short> low, out Vector<short> high);
            (new Vector<short>(sums[i..]) + low).CopyTo(sums[i..]);
            (new Vector<short>(sums[(i + half)..]) + high).CopyTo(sums[(i + half)..]);
        }

        for (; i < row.Length; i++) sums[i] += row[i];
    }
}
