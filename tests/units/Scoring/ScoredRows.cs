namespace ColbertOnnx.Tests.Scoring;

/// <summary>Embeddings of random unit rows, and scores by their definition.</summary>
internal static class ScoredRows
{
    public static float[] Random(Random random, int rows, int dimension)
    {
        float[] values = new float[rows * dimension];
        for (int i = 0; i < rows; i++)
        {
            Span<float> row = values.AsSpan(i * dimension, dimension);
            double sum = 0;
            foreach (ref float value in row)
            {
                value = (float)(random.NextDouble() - 0.5);
                sum += (double)value * value;
            }

            foreach (ref float value in row) value = (float)(value / Math.Sqrt(sum));
        }

        return values;
    }

    public static ColbertEmbedding Query(Random random, int rows = 9, int dimension = 24) =>
        new(TextKind.Query, "a query", Random(random, rows, dimension), dimension);

    public static ColbertEmbedding Document(Random random, string text, int rows = 12, int dimension = 24) =>
        new(TextKind.Document, text, Random(random, rows, dimension), dimension);

    /// <summary>The best document row of a query row, in double precision.</summary>
    public static double Best(ReadOnlySpan<float> query, int i, ReadOnlySpan<float> document, int dimension)
    {
        double best = double.NegativeInfinity;
        for (int j = 0; j < document.Length / dimension; j++) best = Math.Max(best, Dot(query, i, document, j, dimension));
        return best;
    }

    public static double Dot(ReadOnlySpan<float> query, int i, ReadOnlySpan<float> document, int j, int dimension)
    {
        double sum = 0;
        for (int k = 0; k < dimension; k++) sum += (double)query[(i * dimension) + k] * document[(j * dimension) + k];
        return sum;
    }

    public static double Score(ColbertEmbedding query, ColbertEmbedding document)
    {
        double score = 0;
        for (int i = 0; i < query.TokenCount; i++) score += Best(query.Values.Span, i, document.Values.Span, query.Dimension);
        return score;
    }
}
