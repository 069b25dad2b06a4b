namespace ColbertOnnx.Embeddings;

/// <summary>How many of each a run had.</summary>
/// <param name="Texts">Texts that were read: embeddings and errors.</param>
/// <param name="Embeddings">Texts that have an embedding.</param>
/// <param name="Tokens">Token vectors of all embeddings.</param>
/// <param name="Errors">Texts that could not be encoded.</param>
/// <param name="Truncated">Texts that had more tokens than the model takes, and were cut.</param>
public sealed record ManifestCounts(long Texts, long Embeddings, long Tokens, long Errors, long Truncated)
{
    /// <summary>One line for people.</summary>
    public override string ToString() =>
        $"{ShownText.Count(Embeddings, "embedding")} of {ShownText.Count(Texts, "text")}, {ShownText.Count(Tokens, "token vector")}";
}
