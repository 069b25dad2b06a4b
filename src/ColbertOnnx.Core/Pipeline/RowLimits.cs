namespace ColbertOnnx.Pipeline;

/// <summary>What is known of the lengths of a kind's rows before the first is made.</summary>
/// <param name="Most">Maximum sequence length; special tokens may exceed it slightly.</param>
/// <param name="Unpadded">
/// Rows of this length may hold expansion tokens that attend to nothing, and are never lengthened: DeBERTa gives such a token the mean of all that its
/// call holds for the text, padding included.
/// </param>
internal readonly record struct RowLimits(int Most, int? Unpadded = null);
