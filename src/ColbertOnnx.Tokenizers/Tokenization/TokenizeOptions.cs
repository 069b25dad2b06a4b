namespace ColbertOnnx.Tokenization;

/// <summary>What to make of one text.</summary>
public readonly record struct TokenizeOptions()
{
    /// <summary>Put the template's special tokens around the text.</summary>
    public bool AddSpecialTokens { get; init; } = true;

    /// <summary>Most tokens, special ones included; below their number there is no truncation at all.</summary>
    public int MaxLength { get; init; } = int.MaxValue;

    /// <summary>Which end of a long text is cut. Default: the right one.</summary>
    public TokenSide TruncationSide { get; init; }

    /// <summary>Fill the buffer's offsets.</summary>
    public bool Offsets { get; init; }

    internal bool SkipNormalizer { get; init; }

    internal bool SkipPreTokenizer { get; init; }

    /// <summary>Ends the work with an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken Cancellation { get; init; }
}
