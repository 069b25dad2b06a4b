namespace ColbertOnnx.Pipeline;

/// <summary>
/// docs/semantics.md, rule 14: a document's token vectors become fewer. The first stay; the others are clustered by Ward linkage over
/// 1 - dot, and each cluster gives the plain mean of its vectors. Holds scratch memory; one for each lane.
/// </summary>
internal sealed class TokenPooling
{
    private readonly WardLinkage linkage = new();
    private int[] labels = [];
    private int[] counts = [];

    /// <summary>The 1-based clusters of the unprotected vectors of the last <see cref="Pool"/>; empty when it pooled nothing.</summary>
    internal ReadOnlySpan<int> Labels => labels.AsSpan(0, LabelCount);

    private int LabelCount { get; set; }

    /// <summary>Most vectors that come out.</summary>
    public static int LargestCount(int tokens, double factor, int protectedTokens)
    {
        int rest = Math.Max(0, tokens - protectedTokens);
        return tokens - rest + Math.Min(rest, Clusters(rest, factor));
    }

    /// <summary>Pools token vectors and returns how many it wrote.</summary>
    /// <param name="vectors">Unit vectors; not changed.</param>
    /// <param name="dimension">Of a token vector.</param>
    /// <param name="factor">About this many vectors become one; 1: nothing is pooled.</param>
    /// <param name="protectedTokens">Leading vectors that stay as they are.</param>
    /// <param name="destination">At least <see cref="LargestCount"/> vectors. Clusters follow the protected vectors in the order of
    /// their numbers, not normalized again.</param>
    /// <param name="cancellation">Ends the work.</param>
    public int Pool(
        ReadOnlySpan<float> vectors, int dimension, double factor, int protectedTokens, Span<float> destination,
        CancellationToken cancellation = default)
    {
        int count = vectors.Length / dimension;
        int head = Math.Min(protectedTokens, count);
        int points = count - head;
        int clusters = Clusters(points, factor);
        LabelCount = 0;
        if (clusters >= points)
        {
            vectors.CopyTo(destination);
            return count;
        }

        vectors[..(head * dimension)].CopyTo(destination);
        vectors = vectors[(head * dimension)..];
        destination = destination[(head * dimension)..];

        Measure(vectors, dimension, points, cancellation);
        if (labels.Length < points) labels = new int[points];
        LabelCount = points;
        int found = linkage.Cluster(clusters, labels.AsSpan(0, points), cancellation);
        Average(vectors, dimension, found, destination);
        return head + found;
    }

    // Python's n // factor: the remainder goes first, so that a quotient that only rounds up to an integer stays below it.
    private static int Clusters(int points, double factor) => Math.Max((int)Math.Round((points - (points % factor)) / factor), 1);

    // Equal vectors can give a little less than 0, at which SciPy and so PyLate fail; sentence-transformers 6 clamps, and so does this.
    // A vector with NaN is as far from all others as can be, so that the chain of neighbours still ends.
    private void Measure(ReadOnlySpan<float> vectors, int dimension, int points, CancellationToken cancellation)
    {
        Span<double> distances = linkage.Distances(points);
        int pair = 0;
        for (int i = 0; i < points; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            ReadOnlySpan<float> vector = vectors.Slice(i * dimension, dimension);
            for (int j = i + 1; j < points; j++)
            {
                float distance = 1 - VectorMath.Dot(vector, vectors.Slice(j * dimension, dimension));
                distances[pair++] = float.IsNaN(distance) ? 2 : Math.Clamp(distance, 0, 2);
            }
        }
    }

    private void Average(ReadOnlySpan<float> vectors, int dimension, int clusters, Span<float> destination)
    {
        if (counts.Length < clusters) counts = new int[clusters];
        counts.AsSpan(0, clusters).Clear();
        destination = destination[..(clusters * dimension)];
        destination.Clear();
        for (int i = 0; i < LabelCount; i++)
        {
            int cluster = labels[i] - 1;
            counts[cluster]++;
            Span<float> sum = destination.Slice(cluster * dimension, dimension);
            ReadOnlySpan<float> vector = vectors.Slice(i * dimension, dimension);
            for (int k = 0; k < dimension; k++) sum[k] += vector[k];
        }

        for (int cluster = 0; cluster < clusters; cluster++)
            foreach (ref float value in destination.Slice(cluster * dimension, dimension)) value /= counts[cluster];
    }
}
