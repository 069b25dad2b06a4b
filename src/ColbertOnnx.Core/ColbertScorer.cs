using ColbertOnnx.Scoring;

namespace ColbertOnnx;

/// <summary>
/// Scores every document for every query by MaxSim. Documents come one at a time and in any number; they are scored in blocks, on all CPUs
/// that the process may use, and leave in their order. For one caller at a time. <see cref="ColbertRanking"/> keeps the best ones instead.
/// </summary>
public sealed class ColbertScorer
{
    private readonly BlockScorer scorer;

    /// <summary>A scorer that hands over each similarity.</summary>
    /// <param name="queries">Embeddings of queries, all of one dimension.</param>
    /// <param name="accept">Gets a document's similarity to each query, in the order of the documents and for each in that of the queries,
    /// on the caller's thread.</param>
    /// <param name="tokens">Where the tokens of the results come from, when embeddings are without; asked when a result is made, until
    /// there is one.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: one is not of a query, has another dimension, or holds
    /// a value that is not finite.</exception>
    public ColbertScorer(IReadOnlyList<ColbertEmbedding> queries, Action<ColbertSimilarity> accept, Func<TokenSource?>? tokens = null)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(accept);
        foreach (ColbertEmbedding query in queries) ScoredEmbedding.Check(query, TextKind.Query, queries[0].Dimension);
        TokenSource? source = null;
        scorer = new BlockScorer(queries, (document, index, scores) =>
        {
            source ??= tokens?.Invoke();
            for (int i = 0; i < scores.Length; i++) accept(new ColbertSimilarity(queries[i], document, scores[i], index, source));
        });
    }

    /// <summary>Takes a document; it is scored now or with those that come after it. Its vectors must not change until then.</summary>
    /// <param name="document">The document.</param>
    /// <param name="index">The caller's number for it: <see cref="ColbertSimilarity.Index"/>.</param>
    /// <param name="cancellation">Ends the scoring of those that have been added.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: a query, another dimension, or a value that is not
    /// finite. It is not taken.</exception>
    public void Add(ColbertEmbedding document, long index, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        scorer.Add(document, index, cancellation);
    }

    /// <summary>Scores what is still waiting.</summary>
    /// <param name="cancellation">Ends it.</param>
    public void Flush(CancellationToken cancellation = default) => scorer.Flush(cancellation);

    /// <summary>What it is for.</summary>
    public override string ToString() => "scores of documents for queries";
}
