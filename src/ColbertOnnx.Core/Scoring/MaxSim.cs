using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ColbertOnnx.Scoring;

namespace ColbertOnnx;

/// <summary>
/// Late interaction: each query row takes its best document row, and the scores add up. Sums are float32, the order of
/// addition is that of the components. Of equal document rows the first wins. A document without rows gives every query row 0.
/// </summary>
public static class MaxSim
{
    private const int MostWidth = 32;

    /// <summary>The score of a document for a query.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: their dimensions differ.</exception>
    public static float Score(ColbertEmbedding query, ColbertEmbedding document)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(document);
        if (query.Dimension != document.Dimension)
        {
            throw new ColbertException(
                ColbertErrorId.InputInvalid,
                FormattableString.Invariant($"The query has {query.Dimension} dimensions and the document {document.Dimension}: they come from different models."),
                document.Id ?? query.Id,
                "Encode both with the same model.");
        }

        return Score(query.Values.Span, document.Values.Span, query.Dimension);
    }

    /// <summary>The same over rows in plain memory.</summary>
    public static float Score(ReadOnlySpan<float> query, ReadOnlySpan<float> document, int dimension) => Match(query, document, dimension, [], []);

    /// <summary>The score, and for each query row the document row that it took and their dot product.</summary>
    /// <param name="bestRows">A number for each query row, or empty; -1 when the document has no rows.</param>
    /// <param name="bestDots">A number for each query row, or empty; 0 when the document has no rows.</param>
    public static float Match(ReadOnlySpan<float> query, ReadOnlySpan<float> document, int dimension, Span<int> bestRows, Span<float> bestDots)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        if (query.Length % dimension != 0) throw new ArgumentException("The query is not a whole number of rows.", nameof(query));
        if (document.Length % dimension != 0) throw new ArgumentException("The document is not a whole number of rows.", nameof(document));
        int rows = query.Length / dimension;
        if (!bestRows.IsEmpty && bestRows.Length < rows) throw new ArgumentException("There is not a place for each query row.", nameof(bestRows));
        if (!bestDots.IsEmpty && bestDots.Length < rows) throw new ArgumentException("There is not a place for each query row.", nameof(bestDots));
        if (document.IsEmpty)
        {
            if (!bestRows.IsEmpty) bestRows[..rows].Fill(-1);
            if (!bestDots.IsEmpty) bestDots[..rows].Clear();
            return 0;
        }

        float score = 0;
        for (int first = 0; first < rows;)
        {
            int rest = rows - first;
            int width = rest > 16 && Vector512.IsHardwareAccelerated ? 32 : rest > 8 && Vector256.IsHardwareAccelerated ? 16 : 8;
            int count = Math.Min(width, rest);
            score += Panel(query.Slice(first * dimension, count * dimension), document, dimension, width, Rest(bestRows, first), Rest(bestDots, first));
            first += count;
        }

        return score;
    }

    private static Span<T> Rest<T>(Span<T> all, int first) => all.IsEmpty ? all : all[first..];

    private static float Panel(
        ReadOnlySpan<float> query, ReadOnlySpan<float> document, int dimension, int width, Span<int> bestRows, Span<float> bestDots)
    {
        int count = query.Length / dimension;
        float[] rented = ArrayPool<float>.Shared.Rent(width * dimension);
        Span<float> panel = rented.AsSpan(0, width * dimension);
        Pack(query, dimension, width, panel);

        Span<float> best = stackalloc float[MostWidth];
        Span<float> row = stackalloc float[MostWidth];
        if (width == 32) MaxSimKernel<Simd512, Vector512<float>>.Run(panel, document, dimension, best, row);
        else if (width == 16) MaxSimKernel<Simd256, Vector256<float>>.Run(panel, document, dimension, best, row);
        else MaxSimKernel<Simd128, Vector128<float>>.Run(panel, document, dimension, best, row);
        ArrayPool<float>.Shared.Return(rented);

        float score = 0;
        for (int i = 0; i < count; i++)
        {
            score += best[i];
            if (!bestRows.IsEmpty) bestRows[i] = (int)row[i];
            if (!bestDots.IsEmpty) bestDots[i] = best[i];
        }

        return score;
    }

    /// <summary>Query rows side by side, component by component; lanes without a row are zero.</summary>
    private static void Pack(ReadOnlySpan<float> query, int dimension, int width, Span<float> panel)
    {
        int count = query.Length / dimension;
        if (count < width) panel.Clear();
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> source = query.Slice(i * dimension, dimension);
            ref float target = ref panel[i];
            for (int k = 0; k < source.Length; k++) Unsafe.Add(ref target, k * width) = source[k];
        }
    }
}
