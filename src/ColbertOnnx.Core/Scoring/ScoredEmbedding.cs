using ColbertOnnx.Embeddings;

namespace ColbertOnnx.Scoring;

/// <summary>What must hold of embeddings before a score of theirs means anything.</summary>
internal static class ScoredEmbedding
{
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>.</exception>
    public static void Check(ColbertEmbedding query, ColbertEmbedding document)
    {
        CheckFinite(query);
        CheckFinite(document);
        CheckDimension(null, query);
        CheckDimension(query.Dimension, document);
    }

    /// <summary>Of the kind, with this dimension (null: any), and finite.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>.</exception>
    public static void Check(ColbertEmbedding embedding, TextKind kind, int? dimension)
    {
        if (embedding.Kind != kind)
        {
            throw new ColbertException(
                ColbertErrorId.InputInvalid,
                $"{NameOf(embedding)} was encoded as a {TextKinds.NameOf(embedding.Kind)} and is used as a {TextKinds.NameOf(kind)}: "
                    + "the model makes other vectors of it, and the score would look right and mean nothing.",
                TargetOf(embedding),
                kind == TextKind.Query
                    ? "Encode it with -Query (--query, EncodeQueries)."
                    : "Encode it with -Document (--document, EncodeDocuments).");
        }

        CheckDimension(dimension, embedding);
        CheckFinite(embedding);
    }

    private static void CheckDimension(int? dimension, ColbertEmbedding embedding)
    {
        if (embedding.Dimension == 0)
        {
            throw new ColbertException(
                ColbertErrorId.InputInvalid, $"{NameOf(embedding)} has no token vectors and no dimension.", TargetOf(embedding),
                "Write the dimension beside its empty list, or leave it out.");
        }

        if (dimension is null || embedding.Dimension == dimension) return;
        throw new ColbertException(
            ColbertErrorId.InputInvalid,
            FormattableString.Invariant(
                $"The query has {dimension} dimensions and {NameOf(embedding)} {embedding.Dimension}: they come from different models."),
            TargetOf(embedding),
            "Encode both with the same model.");
    }

    // A comparison with NaN is false, so that such a token vector would silently never be the best.
    private static void CheckFinite(ColbertEmbedding embedding)
    {
        ReadOnlySpan<float> values = embedding.Values.Span;
        int place = values.IndexOfNotFinite();
        if (place < 0) return;
        throw new ColbertException(
            ColbertErrorId.InputInvalid,
            FormattableString.Invariant(
                $"Token vector {place / embedding.Dimension} of {NameOf(embedding)} holds {values[place]}, which is not finite."),
            TargetOf(embedding),
            "Encode the text again; if it came from a file, the file is damaged.");
    }

    private static string TargetOf(ColbertEmbedding embedding) =>
        embedding.Id ?? (embedding.Text.Length > 0 ? embedding.Text : embedding.Source as string ?? "");

    /// <summary>The embedding as an error names it: its id, else how its text begins, else its place.</summary>
    private static string NameOf(ColbertEmbedding embedding)
    {
        const int Most = 40;
        string text = embedding.Text;
        if (embedding.Id is not null || text.Length == 0) return $"'{TargetOf(embedding)}'";
        return text.Length <= Most ? $"'{text}'" : $"'{text[..(char.IsHighSurrogate(text[Most - 1]) ? Most - 1 : Most)]}…'";
    }
}
