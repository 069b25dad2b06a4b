namespace ColbertOnnx.Embeddings;

/// <summary>Where embeddings go. Without <see cref="Complete"/>, disposing leaves nothing behind.</summary>
/// <remarks>
/// Every member throws <see cref="ColbertException"/> with <see cref="ColbertErrorId.OutputFailed"/> when the target cannot be written.
/// </remarks>
internal interface IEmbeddingWriter : IDisposable
{
    void Write(ColbertEmbedding embedding);

    /// <summary>
    /// A text that could not be encoded: where results are numbered, its number stays free, so that numbers are places in the input.
    /// </summary>
    void Skip(TextKind kind);

    /// <summary>Everything was written: puts it in its place.</summary>
    void Complete();
}
