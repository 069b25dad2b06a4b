namespace ColbertOnnx.Embeddings;

/// <summary>Names in a safetensors file of ours: docs/embedding-files.md.</summary>
internal static class SafetensorsLayout
{
    /// <summary>What "format" of the metadata says.</summary>
    public const string Format = "colbert-embeddings";
}
