namespace ColbertOnnx.Scoring;

/// <summary>
/// Scores documents against all queries, a block of documents at a time and those side by side on as many threads as the process may
/// use CPUs. What comes out does not depend on their number: each score is computed alone, and they leave in the order in which the
/// documents came.
/// </summary>
internal sealed class BlockScorer
{
    // Enough to keep every CPU busy, and some 8 MB of vectors for each at most.
    private const int DocumentsPerCpu = 32;
    private const long ValuesPerCpu = 2_000_000;

    // Below this (about 50 us) threads cost more than they bring.
    private const double LeastParallel = 2e6;

    private readonly PackedQuery[] packed;
    private readonly Accept accept;
    private readonly int cpus;
    private readonly List<(ColbertEmbedding Document, long Index)> block = [];
    private readonly long queryTokens;
    private float[] scores = [];
    private long values;

    /// <param name="queries">Checked: of one dimension, finite. None of them: nothing is ever scored.</param>
    /// <param name="accept">Gets each document with its scores, one for each query.</param>
    public BlockScorer(IReadOnlyList<ColbertEmbedding> queries, Accept accept, int? cpus = null)
    {
        this.accept = accept;
        this.cpus = cpus ?? UsableCpus.Count;
        packed = [.. queries.Select(query => new PackedQuery(query.Values.Span, query.Dimension))];
        queryTokens = packed.Sum(query => (long)query.Rows);
        Dimension = queries.Count == 0 ? null : queries[0].Dimension;
    }

    public delegate void Accept(ColbertEmbedding document, long index, ReadOnlySpan<float> scores);

    /// <summary>What documents must have.</summary>
    public int? Dimension { get; }

    /// <summary>Takes a document; it is scored now or with those that come after it.</summary>
    /// <param name="index">The caller's number for it.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: a query, another dimension, or a value that is not
    /// finite. It is not taken.</exception>
    public void Add(ColbertEmbedding document, long index, CancellationToken cancellation = default)
    {
        ScoredEmbedding.Check(document, TextKind.Document, Dimension);
        block.Add((document, index));
        values += document.Values.Length;
        if (block.Count >= DocumentsPerCpu * cpus || values >= ValuesPerCpu * cpus) Flush(cancellation);
    }

    /// <summary>Scores what is still waiting.</summary>
    public void Flush(CancellationToken cancellation = default)
    {
        if (block.Count == 0) return;
        int count = packed.Length;
        if (scores.Length < block.Count * count) scores = new float[block.Count * count];
        if (cpus > 1 && block.Count > 1 && (double)values * queryTokens >= LeastParallel)
        {
            Parallel.For(0, block.Count, new ParallelOptions { MaxDegreeOfParallelism = cpus, CancellationToken = cancellation }, ScoreOne);
        }
        else
        {
            for (int i = 0; i < block.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                ScoreOne(i);
            }
        }

        (ColbertEmbedding Document, long Index)[] done = [.. block];
        block.Clear();
        values = 0;
        for (int i = 0; i < done.Length; i++) accept(done[i].Document, done[i].Index, scores.AsSpan(i * count, count));
    }

    private void ScoreOne(int place)
    {
        ReadOnlySpan<float> document = block[place].Document.Values.Span;
        Span<float> target = scores.AsSpan(place * packed.Length, packed.Length);
        for (int i = 0; i < packed.Length; i++) target[i] = packed[i].Score(document);
    }
}
