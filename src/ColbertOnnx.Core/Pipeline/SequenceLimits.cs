namespace ColbertOnnx.Pipeline;

/// <summary>What is known of the sequence lengths of a kind of text before the first is tokenized.</summary>
/// <param name="Most">Maximum sequence length; special tokens may exceed it slightly.</param>
/// <param name="Unpadded">
/// Sequences of this length may hold expansion tokens with attention 0, and are never padded: DeBERTa gives such a token the mean of all
/// that its batch holds for the text, padding included.
/// </param>
internal readonly record struct SequenceLimits(int Most, int? Unpadded = null);
