using ColbertOnnx.Scoring;

namespace ColbertOnnx;

/// <summary>How well a document answers a query, and which of its tokens did. Holds both embeddings.</summary>
public sealed class ColbertSimilarity
{
    private readonly TokenSource? source;
    private IReadOnlyList<string>? queryTokens;
    private IReadOnlyList<string>? documentTokens;
    private ColbertMatch[]? matches;

    internal ColbertSimilarity(ColbertEmbedding query, ColbertEmbedding document, float score, long index, TokenSource? source)
    {
        Query = query;
        Document = document;
        Score = score;
        Index = index;
        this.source = source;
    }

    /// <summary>The score of one document for one query.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: not a query and a document, other dimensions, or a number that is not finite.</exception>
    public static ColbertSimilarity Of(ColbertEmbedding query, ColbertEmbedding document) => Of(query, document, null);

    internal static ColbertSimilarity Of(ColbertEmbedding query, ColbertEmbedding document, TokenSource? source)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(document);
        ScoredEmbedding.Check(query, TextKind.Query, null);
        ScoredEmbedding.Check(document, TextKind.Document, query.Dimension);
        return new(query, document, MaxSim.Score(query, document), 0, source);
    }

    /// <summary>1 for the best document of the query; null when documents were not ranked.</summary>
    public int? Rank { get; init; }

    /// <summary>MaxSim: the sum of <see cref="Matches"/>, so between minus and plus the number of the query's rows.</summary>
    public float Score { get; }

    /// <summary>The document's id.</summary>
    public string? Id => Document.Id;

    /// <summary>The document's text.</summary>
    public string Text => Document.Text;

    /// <summary>Place of the document among those that were given, from 0; those that could not be scored count.</summary>
    public long Index { get; }

    public ColbertEmbedding Query { get; }

    public ColbertEmbedding Document { get; }

    /// <summary>For each query row the document row that it took. Computed when asked for.</summary>
    public IReadOnlyList<ColbertMatch> Matches => matches ??= Match();

    /// <summary>What the rows stand for; null when unknown.</summary>
    internal IReadOnlyList<string>? QueryTokens => queryTokens ??= RowLabels.Of(Query, source);

    internal IReadOnlyList<string>? DocumentTokens => documentTokens ??= RowLabels.Of(Document, source);

    public override string ToString() => FormattableString.Invariant($"{Score:F4} {Id ?? Text}");

    private ColbertMatch[] Match()
    {
        var rows = new int[Query.TokenCount];
        var dots = new float[Query.TokenCount];
        MaxSim.Match(Query.Values.Span, Document.Values.Span, Query.Dimension, rows, dots);
        return [.. rows.Select((row, i) => new ColbertMatch(i, QueryTokens?[i], row, row < 0 ? null : DocumentTokens?[row], dots[i]))];
    }
}
