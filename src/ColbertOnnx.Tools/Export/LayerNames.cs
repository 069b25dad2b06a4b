namespace ColbertOnnx.Export;

/// <summary>What a family calls the parts of a layer, below the layer's own name.</summary>
internal sealed record LayerNames(
    string Query, string Key, string Value, string AttentionOutput, string AttentionOutputNorm, string Intermediate,
    string Output, string OutputNorm)
{
    /// <summary>BERT's, which most of its descendants kept.</summary>
    public static LayerNames Bert { get; } = new(
        "attention.self.query",
        "attention.self.key",
        "attention.self.value",
        "attention.output.dense",
        "attention.output.LayerNorm",
        "intermediate.dense",
        "output.dense",
        "output.LayerNorm");
}
