using System.Collections;

namespace ColbertOnnx;

/// <summary>The rows of an embedding: each is copied when it is taken, so that all of them are never in memory twice.</summary>
public sealed class EmbeddingRows : IReadOnlyList<float[]>
{
    private readonly ColbertEmbedding embedding;

    internal EmbeddingRows(ColbertEmbedding embedding) => this.embedding = embedding;

    public int Count => embedding.TokenCount;

    /// <summary>A copy of one row; negative places count from the end.</summary>
    public float[] this[int index] => embedding[index];

    public IEnumerator<float[]> GetEnumerator()
    {
        for (int i = 0; i < Count; i++) yield return embedding[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"{Count} rows of {embedding.Dimension} numbers";
}
