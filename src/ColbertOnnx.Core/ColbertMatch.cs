using System.Globalization;

namespace ColbertOnnx;

/// <summary>The token vector of a document that one of a query took.</summary>
/// <param name="QueryRow">Number of the query's token vector, from 0.</param>
/// <param name="QueryToken">What it stands for, as people read it: the piece of the text, after "·" when it continues a word; special
/// tokens by their names. Null when unknown.</param>
/// <param name="DocumentRow">Number of the document's token vector, from 0; -1 when it has none.</param>
/// <param name="DocumentToken">What that one stands for; null when unknown.</param>
/// <param name="Cosine">Their dot product, which is the cosine of unit vectors: what the query's one adds to the score. Vectors of pooled
/// documents are shorter than 1.</param>
public readonly record struct ColbertMatch(int QueryRow, string? QueryToken, int DocumentRow, string? DocumentToken, float Cosine)
{
    /// <summary>One line for people.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{QueryToken ?? QueryRow.ToString(System.Globalization.CultureInfo.InvariantCulture)} = "
                + $"{DocumentToken ?? DocumentRow.ToString(System.Globalization.CultureInfo.InvariantCulture)} ({Cosine:F3})");
}
