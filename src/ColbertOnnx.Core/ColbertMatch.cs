using System.Globalization;

namespace ColbertOnnx;

/// <summary>The document row that one query row took.</summary>
/// <param name="QueryRow">Number of the query row, from 0.</param>
/// <param name="QueryToken">What the row stands for, as people read it: the piece of the text, after "·" when it continues a word; special
/// tokens by their names. Null when unknown.</param>
/// <param name="DocumentRow">Number of the document row, from 0; -1 when the document has none.</param>
/// <param name="DocumentToken">What that row stands for; null when unknown.</param>
/// <param name="Cosine">Their dot product, which is the cosine of unit rows: what this row adds to the score. Rows of pooled documents are
/// shorter than 1.</param>
public readonly record struct ColbertMatch(int QueryRow, string? QueryToken, int DocumentRow, string? DocumentToken, float Cosine)
{
    /// <summary>One line for people.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{QueryToken ?? QueryRow.ToString(System.Globalization.CultureInfo.InvariantCulture)} = "
                + $"{DocumentToken ?? DocumentRow.ToString(System.Globalization.CultureInfo.InvariantCulture)} ({Cosine:F3})");
}
