using System.Collections;

namespace ColbertOnnx;

/// <summary>The token vectors of an embedding: each is copied when it is taken, so that all of them are never in memory twice.</summary>
public sealed class EmbeddingRows : IReadOnlyList<float[]>
{
    private readonly ColbertEmbedding embedding;

    internal EmbeddingRows(ColbertEmbedding embedding) => this.embedding = embedding;

    /// <summary>Number of token vectors.</summary>
    public int Count => embedding.TokenCount;

    /// <summary>A copy of one token vector; negative places count from the end.</summary>
    public float[] this[int index] => embedding[index];

    /// <summary>The token vectors in their order, each a copy.</summary>
    public IEnumerator<float[]> GetEnumerator()
    {
        for (int i = 0; i < Count; i++) yield return embedding[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>One line for people.</summary>
    public override string ToString() => $"{ShownText.Count(Count, "token vector")} of dimension {embedding.Dimension}";
}
