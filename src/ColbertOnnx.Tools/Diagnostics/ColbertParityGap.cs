using System.Globalization;

namespace ColbertOnnx.Diagnostics;

/// <summary>Rows that one side has and the other has not, where they lie.</summary>
/// <param name="IsHere">True: rows of this model that the reference lacks; false: rows of the reference that this model lacks.</param>
/// <param name="Row">The first of them, on the side that has them; from 0.</param>
/// <param name="Count">How many.</param>
/// <param name="Tokens">Their pieces of the vocabulary, as far as they are known.</param>
public sealed record ColbertParityGap(bool IsHere, int Row, int Count, IReadOnlyList<string> Tokens)
{
    /// <summary>One line for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(IsHere ? "only here" : "only in the reference")}: row{(Count == 1 ? "" : "s")} "
            + $"{Row}{(Count == 1 ? "" : $" to {Row + Count - 1}")}{(Tokens.Count == 0 ? "" : $" ({string.Join(' ', Tokens)})")}");
}
