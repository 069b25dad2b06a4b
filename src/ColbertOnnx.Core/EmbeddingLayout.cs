namespace ColbertOnnx;

/// <summary>How the texts of a safetensors file share its tensors.</summary>
public enum EmbeddingLayout
{
    /// <summary>All token vectors in one tensor, with offsets: any number of texts.</summary>
    Flat,

    /// <summary>A tensor for each text: up to about a million, because a header has at most 100 MB.</summary>
    PerText,
}
