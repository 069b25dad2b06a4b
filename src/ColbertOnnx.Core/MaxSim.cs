using System.Buffers;
using ColbertOnnx.Scoring;

namespace ColbertOnnx;

/// <summary>
/// Late interaction: each query row takes its best document row, and the scores add up. Sums are float32; the order of addition depends on
/// the CPU and on the number of query rows, and on nothing else. Of equal document rows the first wins. A document without rows gives every
/// query row 0.
/// </summary>
public static class MaxSim
{
    /// <summary>The score of a document for a query. What kind of text each of them was is not asked.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: their dimensions differ, or one holds a number that is
    /// not finite.</exception>
    public static float Score(ColbertEmbedding query, ColbertEmbedding document)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(document);
        ScoredEmbedding.Check(query, document);
        return Score(query.Values.Span, document.Values.Span, query.Dimension);
    }

    /// <summary>The same over rows in plain memory, which must be finite: a row with NaN is never the best.</summary>
    public static float Score(ReadOnlySpan<float> query, ReadOnlySpan<float> document, int dimension) =>
        Match(query, document, dimension, [], []);

    /// <summary>The score, and for each query row the document row that it took and their dot product.</summary>
    /// <param name="bestRows">A number for each query row, or empty; -1 when the document has no rows.</param>
    /// <param name="bestDots">A number for each query row, or empty; 0 when the document has no rows.</param>
    public static float Match(
        ReadOnlySpan<float> query, ReadOnlySpan<float> document, int dimension, Span<int> bestRows, Span<float> bestDots)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        if (query.Length % dimension != 0) throw new ArgumentException("The query is not a whole number of rows.", nameof(query));
        if (document.Length % dimension != 0) throw new ArgumentException("The document is not a whole number of rows.", nameof(document));
        int rows = query.Length / dimension;
        if (!bestRows.IsEmpty && bestRows.Length < rows)
            throw new ArgumentException("There is not a place for each query row.", nameof(bestRows));
        if (!bestDots.IsEmpty && bestDots.Length < rows)
            throw new ArgumentException("There is not a place for each query row.", nameof(bestDots));

        int size = Panels.Size(rows, dimension, Panels.Bits);
        float[] rented = ArrayPool<float>.Shared.Rent(size);
        Span<float> panels = rented.AsSpan(0, size);
        Panels.Pack(query, dimension, Panels.Bits, panels);
        float score = Panels.Run(panels, rows, dimension, Panels.Bits, document, bestRows, bestDots);
        ArrayPool<float>.Shared.Return(rented);
        return score;
    }
}
