using ColbertOnnx.Scoring;

namespace ColbertOnnx;

/// <summary>
/// The best documents for each of some queries. Documents come one at a time and in any number: only the best ones are kept.
/// Of equal scores the document that came earlier is better. For one caller at a time; it computes on all CPUs that the process may use.
/// </summary>
public sealed class ColbertRanking
{
    private readonly BlockScorer scorer;
    private readonly bool isLight;

    // The worst of the best on top.
    private readonly PriorityQueue<ColbertEmbedding, (float Score, long Order)>[] best;

    /// <summary>A ranking without documents.</summary>
    /// <param name="queries">Embeddings of queries, all of one dimension.</param>
    /// <param name="top">How many documents are kept for each query; at least 1.</param>
    /// <param name="isLight">Documents are kept without their vectors, which are nearly all of their memory; their results have no
    /// matches.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: one is not of a query, has another dimension, or holds
    /// a value that is not finite.</exception>
    public ColbertRanking(IReadOnlyList<ColbertEmbedding> queries, int top = 10, bool isLight = false)
        : this(queries, top, isLight, null)
    {
    }

    internal ColbertRanking(IReadOnlyList<ColbertEmbedding> queries, int top, bool isLight, int? cpus)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        Queries = [.. queries];
        Top = top;
        this.isLight = isLight;
        foreach (ColbertEmbedding query in Queries) ScoredEmbedding.Check(query, TextKind.Query, Queries[0].Dimension);
        scorer = new BlockScorer(Queries, Keep, cpus);
        best = [.. Queries.Select(_ => new PriorityQueue<ColbertEmbedding, (float, long)>())];
    }

    /// <summary>The queries, in their order.</summary>
    public IReadOnlyList<ColbertEmbedding> Queries { get; }

    /// <summary>How many documents are kept for each query.</summary>
    public int Top { get; }

    /// <summary>Documents that were added.</summary>
    public long Count { get; private set; }

    /// <summary>Where the tokens of the results come from, when embeddings are without; null: their matches name none.</summary>
    public TokenSource? Tokens { get; set; }

    /// <summary>Takes a document. Its vectors must not change until the results are asked for.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: a query, another dimension, or a value that is not
    /// finite. The ranking goes on without it.</exception>
    public void Add(ColbertEmbedding document)
    {
        ArgumentNullException.ThrowIfNull(document);
        Add(document, Count, default);
    }

    /// <param name="document">The document.</param>
    /// <param name="index">Its place in the input: it decides between equal scores.</param>
    /// <param name="cancellation">Ends the scoring of those that have been added.</param>
    /// <inheritdoc cref="Add(ColbertEmbedding)"/>
    public void Add(ColbertEmbedding document, long index, CancellationToken cancellation)
    {
        scorer.Add(document, index, cancellation);
        Count++;
    }

    /// <summary>The best documents for one of the queries, the best first. More documents may be added afterwards.</summary>
    /// <param name="query">Its place among <see cref="Queries"/>.</param>
    public IReadOnlyList<ColbertSimilarity> Best(int query = 0)
    {
        scorer.Flush();
        (ColbertEmbedding Document, (float Score, long Order) Priority)[] ranked =
        [
            .. best[query].UnorderedItems.OrderByDescending(item => item.Priority),
        ];
        var results = new ColbertSimilarity[ranked.Length];
        for (int i = 0; i < ranked.Length; i++)
        {
            (ColbertEmbedding document, (float score, long order)) = ranked[i];
            results[i] = new ColbertSimilarity(Queries[query], document, score, -order, Tokens) { Rank = i + 1 };
        }

        return results;
    }

    /// <summary>How many of how many.</summary>
    public override string ToString() =>
        $"the best {Top} of {ShownText.Count(Count, "document")} for {ShownText.Count(Queries.Count, "query", "queries")}";

    private void Keep(ColbertEmbedding document, long index, ReadOnlySpan<float> scores)
    {
        ColbertEmbedding? kept = null;
        for (int query = 0; query < scores.Length; query++)
        {
            var priority = (scores[query], -index);
            if (best[query].Count < Top) best[query].Enqueue(kept ??= Kept(document), priority);
            else if (best[query].TryPeek(out _, out var worst) && priority.CompareTo(worst) > 0)
                best[query].DequeueEnqueue(kept ??= Kept(document), priority);
        }
    }

    private ColbertEmbedding Kept(ColbertEmbedding document) =>
        isLight
            ? new(document.Kind, document.Text, default, document.Dimension)
            {
                Id = document.Id,
                Source = document.Source,
                IsTruncated = document.IsTruncated,
            }
            : document;
}
