namespace ColbertOnnx;

/// <summary>Which end of the text loses tokens, or gets padding.</summary>
public enum TokenSide
{
    Right,
    Left,
}
