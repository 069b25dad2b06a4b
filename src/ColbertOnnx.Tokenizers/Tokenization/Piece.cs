namespace ColbertOnnx.Tokenization;

/// <summary>
/// A part of the normalized text; with a token when an added token was found there, which nothing splits or normalizes any more.
/// </summary>
internal readonly record struct Piece(int Start, int Length, int Token)
{
    public const int NoToken = -1;

    public int End => Start + Length;

    public bool IsToken => Token != NoToken;

    public bool Holds(Piece other) => other.Start >= Start && other.End <= End;
}
