namespace ColbertOnnx.Embeddings.Arrays;

/// <summary>The rows of one text as they are stored, and which of them count.</summary>
/// <param name="Stored">Rows in the file.</param>
internal readonly record struct RowRange(long Stored)
{
    /// <summary>Only this many from the first on; null: all.</summary>
    public long? Kept { get; init; }

    /// <summary>Only those with a number other than 0 here; null: all.</summary>
    public float[]? Mask { get; init; }

    /// <summary>Rows of zeros at the end are fill.</summary>
    public bool TrimsZeros { get; init; }
}
