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
    /// <param name="query">Embedding of a query.</param>
    /// <param name="document">Embedding of a document, of the same dimension.</param>
    /// <param name="source">Where the tokens of <see cref="Matches"/> come from, when embeddings are without.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: not a query and a document, other dimensions, or a
    /// value that is not finite.</exception>
    public static ColbertSimilarity Of(ColbertEmbedding query, ColbertEmbedding document, TokenSource? source = null)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(document);
        ScoredEmbedding.Check(query, TextKind.Query, null);
        ScoredEmbedding.Check(document, TextKind.Document, query.Dimension);
        return new(query, document, MaxSim.Score(query, document), 0, source);
    }

    /// <summary>1 for the best document of the query; null when documents were not ranked.</summary>
    public int? Rank { get; init; }

    /// <summary>MaxSim: the sum of <see cref="Matches"/>, so between minus and plus the number of the query's token vectors.</summary>
    public float Score { get; }

    /// <summary>The document's id.</summary>
    public string? Id => Document.Id;

    /// <summary>The document's text.</summary>
    public string Text => Document.Text;

    /// <summary>Place of the document among those that were given, from 0; those that could not be scored count.</summary>
    public long Index { get; }

    /// <summary>The embedding of the query.</summary>
    public ColbertEmbedding Query { get; }

    /// <summary>The embedding of the document; without vectors where a ranking keeps none.</summary>
    public ColbertEmbedding Document { get; }

    /// <summary>For each token vector of the query the one of the document that it took. Computed when asked for.</summary>
    public IReadOnlyList<ColbertMatch> Matches => matches ??= Match();

    /// <summary>What the token vectors stand for; null when unknown.</summary>
    internal IReadOnlyList<string>? QueryTokens => queryTokens ??= TokenLabels.Of(Query, source);

    internal IReadOnlyList<string>? DocumentTokens => documentTokens ??= TokenLabels.Of(Document, source);

    /// <summary>One line of JSON: rank, score, id, location (the document's source as a text), text.</summary>
    /// <param name="includeMatches">With <see cref="Matches"/> too.</param>
    public string ToJson(bool includeMatches = false) => JsonArrays.Line(json =>
    {
        if (Rank is { } rank) json.WriteNumber("rank", rank);
        else json.WriteNull("rank");
        json.WriteNumber("score", Score);
        json.WriteText("id", Id);
        json.WriteText("location", Document.Source?.ToString());
        json.WriteText("text", Text);
        if (!includeMatches) return;
        json.WriteStartArray("matches");
        foreach (ColbertMatch match in Matches)
        {
            json.WriteStartObject();
            json.WriteNumber("query_row", match.QueryRow);
            json.WriteText("query_token", match.QueryToken);
            json.WriteNumber("document_row", match.DocumentRow);
            json.WriteText("document_token", match.DocumentToken);
            json.WriteNumber("cosine", match.Cosine);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>The score, and the document's id or text.</summary>
    public override string ToString() => FormattableString.Invariant($"{Score:F4} {Id ?? Text}");

    private ColbertMatch[] Match()
    {
        var tokens = new int[Query.TokenCount];
        var dots = new float[Query.TokenCount];
        MaxSim.Match(Query.Values.Span, Document.Values.Span, Query.Dimension, tokens, dots);
        return
        [
            .. tokens.Select((token, i) =>
                new ColbertMatch(i, QueryTokens?[i], token, token < 0 ? null : DocumentTokens?[token], dots[i])),
        ];
    }
}
