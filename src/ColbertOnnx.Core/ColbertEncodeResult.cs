namespace ColbertOnnx;

/// <summary>What became of one text: its embedding, or the error that names it. One of the two is null.</summary>
/// <param name="Input">The text as it was given.</param>
/// <param name="Embedding">Its token vectors; null where it could not be encoded.</param>
/// <param name="Error">Why it could not be encoded; null where it was.</param>
public readonly record struct ColbertEncodeResult(ColbertText Input, ColbertEmbedding? Embedding, ColbertException? Error)
{
    /// <summary>The embedding.</summary>
    /// <exception cref="ColbertException">The text could not be encoded: <see cref="Error"/>.</exception>
    public ColbertEmbedding GetEmbedding() =>
        Embedding ?? throw (Error ?? throw new InvalidOperationException("This is not a result of a stream."));

    /// <summary>One line for people.</summary>
    public override string ToString() => Embedding?.ToString() ?? Error?.Message ?? "";
}
