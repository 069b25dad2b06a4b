namespace ColbertOnnx.Modeling;

/// <summary>The special tokens that tokenizer_config.json names, as their texts.</summary>
internal sealed record NamedTokens(string? Mask, string? EndOfSequence, string? Pad, string? Unknown)
{
    /// <summary>The token that expands queries whatever the others are; null: mask, else end of sequence, else pad.</summary>
    public string? Expansion { get; init; }

    /// <summary>Null without the file.</summary>
    public static NamedTokens? Of(SettingsFile? tokenizer) => tokenizer is null
        ? null
        : new(tokenizer.Token("mask_token"), tokenizer.Token("eos_token"), tokenizer.Token("pad_token"), tokenizer.Token("unk_token"));
}
