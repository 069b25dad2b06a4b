namespace ColbertOnnx.Embeddings;

/// <summary>Names in a safetensors file of ours: docs/embedding-files.md.</summary>
internal static class SafetensorsLayout
{
    /// <summary>What "format" of the metadata says.</summary>
    public const string Format = "colbert-embeddings";

    public const string Embeddings = "embeddings";
    public const string Offsets = "offsets";
    public const string Scales = "scales";

    /// <summary>Bytes in front of the data of the flat layout: its header has a fixed place, because it is written last.</summary>
    public const int FlatStart = 1024;
}
