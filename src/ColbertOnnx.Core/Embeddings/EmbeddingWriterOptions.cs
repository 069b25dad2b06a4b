namespace ColbertOnnx.Embeddings;

/// <summary>How embeddings are written.</summary>
internal readonly record struct EmbeddingWriterOptions
{
    /// <summary>Replace what is there.</summary>
    public bool Force { get; init; }

    /// <summary>What will be written, if that is known: results of the other kind in a folder are then no obstacle.</summary>
    public TextKind? Kind { get; init; }

    public EmbeddingType Type { get; init; }

    /// <summary>Write texts in a format that has them only when they are asked for, Parquet; the others always have them.</summary>
    public bool IncludeText { get; init; }

    /// <summary>Whether there will be token ids, where a format must know it; null: as the first embedding has them or not.</summary>
    public bool? IncludeTokens { get; init; }

    /// <summary>Null: what the format has, in safetensors <see cref="EmbeddingLayout.Flat"/>.</summary>
    public EmbeddingLayout? Layout { get; init; }

    /// <summary>The output gets a manifest beside it.</summary>
    public bool IsRecorded { get; init; }

    /// <summary>
    /// What the run is, field by field. When it is given, an interrupted run stays beside the target under a name of its own, and the next
    /// one with the same fields goes on with it.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Resume { get; init; }
}
