namespace ColbertOnnx;

/// <summary>How the values of embeddings are stored in a file. What is read is float32 again.</summary>
public enum EmbeddingType
{
    /// <summary>Four bytes a number, exactly what was written.</summary>
    Float32,

    /// <summary>Two bytes a number.</summary>
    Float16,

    /// <summary>A byte a number, and a scale for each row: its largest magnitude is 127.</summary>
    Int8,

    /// <summary>A bit a number, its sign. Reads back as plus or minus 1 / sqrt(dimension): rows of length 1.</summary>
    Binary,
}
