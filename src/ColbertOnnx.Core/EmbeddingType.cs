namespace ColbertOnnx;

/// <summary>How the values of embeddings are stored in a file. What is read is float32 again.</summary>
public enum EmbeddingType
{
    /// <summary>Four bytes a value, exactly what was written.</summary>
    Float32,

    /// <summary>Two bytes a value.</summary>
    Float16,

    /// <summary>A byte a value, and a scale for each token vector: its largest magnitude is 127.</summary>
    Int8,

    /// <summary>A bit a value, its sign. Reads back as plus or minus 1 / sqrt(dimension): vectors of length 1.</summary>
    Binary,
}
