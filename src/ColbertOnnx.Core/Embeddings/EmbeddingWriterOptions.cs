namespace ColbertOnnx.Embeddings;

/// <summary>How embeddings are written.</summary>
internal readonly record struct EmbeddingWriterOptions
{
    /// <summary>Replace what is there.</summary>
    public bool Force { get; init; }

    /// <summary>What will be written, if that is known: results of the other kind in a folder are then no obstacle.</summary>
    public TextKind? Kind { get; init; }
}
