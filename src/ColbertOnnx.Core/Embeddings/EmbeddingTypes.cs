namespace ColbertOnnx.Embeddings;

/// <summary>The types as files and the command spell them.</summary>
internal static class EmbeddingTypes
{
    public static string NameOf(EmbeddingType type) => type switch
    {
        EmbeddingType.Float32 => "float32",
        EmbeddingType.Float16 => "float16",
        EmbeddingType.Int8 => "int8",
        _ => "binary",
    };

    public static bool TryParse(string? name, out EmbeddingType type)
    {
        foreach (EmbeddingType candidate in Enum.GetValues<EmbeddingType>())
        {
            type = candidate;
            if (NameOf(candidate) == name) return true;
        }

        type = default;
        return false;
    }
}
