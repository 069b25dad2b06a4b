namespace ColbertOnnx;

/// <summary>Which end of the text loses tokens, or gets padding.</summary>
public enum TokenSide
{
    /// <summary>The end of a text.</summary>
    Right,

    /// <summary>The beginning of a text.</summary>
    Left,
}
