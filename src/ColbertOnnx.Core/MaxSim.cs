using System.Buffers;
using ColbertOnnx.Scoring;

namespace ColbertOnnx;

/// <summary>
/// Late interaction: each token vector of the query takes its best one of the document, and the scores add up (Khattab and Zaharia 2020,
/// "ColBERT: Efficient and Effective Passage Search via Contextualized Late Interaction over BERT"). Sums are float32; the order of
/// addition depends on the CPU and on the number of the query's token vectors, and on nothing else. Of equal ones of the document the first
/// wins. A document without any gives every one of the query 0.
/// </summary>
public static class MaxSim
{
    /// <summary>The score of a document for a query. What kind of text each of them was is not asked.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: their dimensions differ, or one holds a value that is
    /// not finite.</exception>
    public static float Score(ColbertEmbedding query, ColbertEmbedding document)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(document);
        ScoredEmbedding.Check(query, document);
        return Score(query.Values.Span, document.Values.Span, query.Dimension);
    }

    /// <summary>The same over token vectors in plain memory, which must be finite: one with NaN is never the best.</summary>
    public static float Score(ReadOnlySpan<float> query, ReadOnlySpan<float> document, int dimension) =>
        Match(query, document, dimension, [], []);

    /// <summary>The score, and for each token vector of the query the one of the document that it took and their dot product.</summary>
    /// <param name="bestTokens">An index for each token vector of the query, or empty; -1 when the document has none.</param>
    /// <param name="bestDots">A dot product for each token vector of the query, or empty; 0 when the document has none.</param>
    public static float Match(
        ReadOnlySpan<float> query, ReadOnlySpan<float> document, int dimension, Span<int> bestTokens, Span<float> bestDots)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        if (query.Length % dimension != 0) throw new ArgumentException("The query is not a whole number of token vectors.", nameof(query));
        if (document.Length % dimension != 0)
            throw new ArgumentException("The document is not a whole number of token vectors.", nameof(document));
        int count = query.Length / dimension;
        if (!bestTokens.IsEmpty && bestTokens.Length < count)
            throw new ArgumentException("There is not a place for each token vector of the query.", nameof(bestTokens));
        if (!bestDots.IsEmpty && bestDots.Length < count)
            throw new ArgumentException("There is not a place for each token vector of the query.", nameof(bestDots));

        int size = Panels.Size(count, dimension, Panels.Bits);
        float[] rented = ArrayPool<float>.Shared.Rent(size);
        Span<float> panels = rented.AsSpan(0, size);
        Panels.Pack(query, dimension, Panels.Bits, panels);
        float score = Panels.Run(panels, count, dimension, Panels.Bits, document, bestTokens, bestDots);
        ArrayPool<float>.Shared.Return(rented);
        return score;
    }
}
