namespace ColbertOnnx;

/// <summary>Late interaction: each query row takes its best document row, and the scores add up.</summary>
public static class MaxSim
{
    /// <summary>The score of a document for a query.</summary>
    public static float Score(ColbertEmbedding query, ColbertEmbedding document) => throw new NotSupportedException();

    /// <summary>The same over rows in plain memory.</summary>
    public static float Score(ReadOnlySpan<float> query, ReadOnlySpan<float> document, int dimension) => throw new NotSupportedException();

    /// <summary>The score, and for each query row the document row that it took and their dot product.</summary>
    public static float Match(ReadOnlySpan<float> query, ReadOnlySpan<float> document, int dimension, Span<int> bestRows, Span<float> bestDots) => throw new NotSupportedException();
}
