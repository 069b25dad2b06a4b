using System.Globalization;

namespace ColbertOnnx.Diagnostics;

/// <summary>Consecutive token vectors that the model or the reference has and the other has not.</summary>
/// <param name="IsHere">True: token vectors of this model that the reference lacks; false: of the reference, that this model lacks.</param>
/// <param name="Row">Index of the first of them, from 0.</param>
/// <param name="Count">How many.</param>
/// <param name="Tokens">Their pieces of the vocabulary, as far as they are known.</param>
public sealed record ColbertParityGap(bool IsHere, int Row, int Count, IReadOnlyList<string> Tokens)
{
    /// <summary>One line for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(IsHere ? "only here" : "only in the reference")}: token vector{(Count == 1 ? "" : "s")} "
            + $"{Row}{(Count == 1 ? "" : $" to {Row + Count - 1}")}{(Tokens.Count == 0 ? "" : $" ({string.Join(' ', Tokens)})")}");
}
