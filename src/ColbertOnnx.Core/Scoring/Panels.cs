using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ColbertOnnx.Native;

namespace ColbertOnnx.Scoring;

/// <summary>A query's token vectors cut into panels, each as wide as a kernel takes, and those panels over a document.</summary>
internal static class Panels
{
    private const int MostWidth = 32;

    /// <summary>Bits of the widest vectors that this CPU computes with: 512, 256 or 128.</summary>
    public static int Bits { get; } = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    /// <summary>Elements of the panels of a query.</summary>
    public static int Size(int rows, int dimension, int bits)
    {
        int width = 0;
        for (int first = 0; first < rows; first += Width(rows - first, dimension, bits)) width += Width(rows - first, dimension, bits);
        return width * dimension;
    }

    /// <summary>Token vectors side by side, component by component; lanes without one are zero.</summary>
    public static void Pack(ReadOnlySpan<float> query, int dimension, int bits, Span<float> panels)
    {
        int rows = query.Length / dimension, width;
        for (int first = 0; first < rows; first += width)
        {
            width = Width(rows - first, dimension, bits);
            int count = Math.Min(width, rows - first);
            Span<float> panel = panels[..(width * dimension)];
            panels = panels[panel.Length..];
            if (IsShort(width, dimension, bits))
            {
                ShortQueryTiles.Pack(query.Slice(first * dimension, count * dimension), width, dimension, panel);
                continue;
            }

            if (count < width) panel.Clear();
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<float> source = query.Slice((first + i) * dimension, dimension);
                ref float target = ref panel[i];
                for (int k = 0; k < source.Length; k++) Unsafe.Add(ref target, k * width) = source[k];
            }
        }
    }

    /// <summary>
    /// The score, and for each token vector of the query the one of the document that it took and their dot product, where there is room
    /// for them.
    /// </summary>
    public static float Run(
        ReadOnlySpan<float> panels, int rows, int dimension, int bits, ReadOnlySpan<float> document, Span<int> bestRows,
        Span<float> bestDots)
    {
        if (document.IsEmpty)
        {
            if (!bestRows.IsEmpty) bestRows[..rows].Fill(-1);
            if (!bestDots.IsEmpty) bestDots[..rows].Clear();
            return 0;
        }

        Span<float> best = stackalloc float[MostWidth];
        Span<float> row = stackalloc float[MostWidth];
        float score = 0;
        int width;
        for (int first = 0; first < rows; first += width)
        {
            width = Width(rows - first, dimension, bits);
            RunPanel(panels[..(width * dimension)], width, bits, document, dimension, best, row);
            panels = panels[(width * dimension)..];
            int count = Math.Min(width, rows - first);
            for (int i = 0; i < count; i++)
            {
                score += best[i];
                if (!bestRows.IsEmpty) bestRows[first + i] = (int)row[i];
                if (!bestDots.IsEmpty) bestDots[first + i] = best[i];
            }
        }

        return score;
    }

    // Half a panel is cheaper than a whole one with empty lanes, and so is a vector of half the width.
    private static int Width(int rest, int dimension, int bits) => bits switch
    {
        512 when ShortQueryTiles.Support(dimension) => rest > 24 ? 32 : rest is > 16 or (> 8 and < 13) ? 12 : rest > 8 ? 16 : 8,
        512 => rest > 24 ? 32 : rest > 8 ? 16 : 8,
        256 => rest > 8 ? 16 : 8,
        _ => rest > 4 ? 8 : 4,
    };

    private static bool IsShort(int width, int dimension, int bits) =>
        bits == 512 && width is (8 or 12) && ShortQueryTiles.Support(dimension);

    private static void RunPanel(
        ReadOnlySpan<float> panel, int width, int bits, ReadOnlySpan<float> document, int dimension, Span<float> best, Span<float> row)
    {
        if (IsShort(width, dimension, bits))
        {
            ShortQueryTiles.Run(panel, width, document, dimension, best, row);
            return;
        }

        switch (bits, width)
        {
            case (512, 32):
                MaxSimKernel<Simd512, Vector512<float>>.RunPair(panel, document, dimension, best, row);
                break;
            case (512, 16):
                MaxSimKernel<Simd512, Vector512<float>>.RunSingle(panel, document, dimension, best, row);
                break;
            case (256, 16):
                MaxSimKernel<Simd256, Vector256<float>>.RunPair(panel, document, dimension, best, row);
                break;
            case (_, 8) when bits > 128:
                MaxSimKernel<Simd256, Vector256<float>>.RunSingle(panel, document, dimension, best, row);
                break;
            case (_, 8):
                MaxSimKernel<Simd128, Vector128<float>>.RunPair(panel, document, dimension, best, row);
                break;
            default:
                MaxSimKernel<Simd128, Vector128<float>>.RunSingle(panel, document, dimension, best, row);
                break;
        }
    }
}
