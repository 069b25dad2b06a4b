namespace ColbertOnnx;

/// <summary>How a file of embeddings is written.</summary>
public sealed record ColbertEmbeddingFileOptions
{
    /// <summary>Null: float32, which reads back exactly; in Parquet float16.</summary>
    public EmbeddingType? Type { get; init; }

    /// <summary>Write the texts into Parquet too; the other formats always have them.</summary>
    public bool IncludeText { get; init; }

    /// <summary>
    /// Whether the embeddings will have tokens, where a format must know it beforehand (Parquet); null: as the first one has them or not.
    /// </summary>
    public bool? IncludeTokens { get; init; }

    /// <summary>Of safetensors: one tensor with offsets (default), or one for each text.</summary>
    public EmbeddingLayout? Layout { get; init; }

    /// <summary>What will be written, if that is known: results of the other kind in a folder are then no obstacle.</summary>
    public TextKind? Kind { get; init; }

    /// <summary>Replace what is there.</summary>
    public bool Force { get; init; }

    /// <summary>
    /// Put the embeddings behind those that are there; the file is written anew in <see cref="Type"/> and replaced as a whole.
    /// </summary>
    public bool Append { get; init; }
}
