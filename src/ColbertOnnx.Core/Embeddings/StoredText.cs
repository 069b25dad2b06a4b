namespace ColbertOnnx.Embeddings;

/// <summary>What a line of JSON says about an embedding beside its values.</summary>
internal sealed record StoredText(string Location)
{
    /// <summary>Name of the array that it belongs to; null: the next one.</summary>
    public string? Name { get; init; }

    public string? Id { get; init; }

    public string? Text { get; init; }

    public TextKind? Kind { get; init; }

    public bool IsTruncated { get; init; }

    public EmbeddingType? Type { get; init; }

    public int? Tokens { get; init; }

    public int? Dimension { get; init; }

    public IReadOnlyList<int>? TokenIds { get; init; }

    public IReadOnlyList<(int Start, int End)>? TokenOffsets { get; init; }

    public StoredEmbedding With(float[] values, int dimension, string location) => new(values, dimension, location)
    {
        Id = Id,
        Text = Text,
        Kind = Kind,
        IsTruncated = IsTruncated,
        TokenIds = TokenIds,
        TokenOffsets = TokenOffsets,
    };
}
