namespace ColbertOnnx;

/// <summary>What one call of encoding does otherwise than the model was opened to.</summary>
public sealed record ColbertEncodeOptions
{
    /// <summary>
    /// Fill <see cref="ColbertEmbedding.TokenIds"/>, <see cref="ColbertEmbedding.Tokens"/> and <see cref="ColbertEmbedding.TokenOffsets"/>.
    /// Default: false.
    /// </summary>
    public bool IncludeTokens { get; init; }

    /// <summary>Name of one of the model's prompts, which goes in front of each text of this call.</summary>
    public string? PromptName { get; init; }

    /// <summary>Text that goes in front of each text of this call; empty: none. It wins over <see cref="PromptName"/>.</summary>
    public string? Prompt { get; init; }

    /// <summary>
    /// Texts of the kinds that the model pools, mostly documents, keep about one token vector of this many; 1: no pooling; null: as the
    /// model was opened. At least 1.
    /// </summary>
    public int? PoolFactor { get; init; }

    /// <summary>Leading token vectors that pooling leaves alone in this call; null: as the model was opened. At least 0.</summary>
    public int? ProtectedTokens { get; init; }

    /// <summary>Warnings about options that exclude each other, a sentence each; mostly none.</summary>
    public IReadOnlyList<string> GetWarnings() => PromptName is null || Prompt is null
        ? []
        : [$"A prompt and the name of a prompt were given, so that the name '{PromptName}' has no effect."];
}
