namespace ColbertOnnx.Modeling;

/// <summary>The special tokens that tokenizer_config.json names, as their texts.</summary>
internal sealed record NamedTokens(string? Mask, string? EndOfSequence, string? Pad, string? Unknown);
