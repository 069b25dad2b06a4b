namespace ColbertOnnx.Tokenization;

/// <summary>Which end of the text loses tokens, or gets padding.</summary>
public enum TruncationSide
{
    Right,
    Left,
}
