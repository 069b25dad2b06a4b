namespace ColbertOnnx.Pipeline;

/// <summary>What one run of the pipeline does with its texts.</summary>
internal readonly record struct EncodeOptions(TextKind Kind)
{
    /// <summary>Fill TokenIds, Tokens and TokenOffsets of the embeddings.</summary>
    public bool IncludeTokens { get; init; }

    /// <summary>Goes in front of each text instead of the model's prompt; null: that one.</summary>
    public string? Prompt { get; init; }

    /// <summary>Instead of the model's; null: that.</summary>
    public double? PoolFactor { get; init; }

    /// <summary>Instead of the model's; null: that.</summary>
    public int? ProtectedTokens { get; init; }
}
