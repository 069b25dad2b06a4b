namespace ColbertOnnx.Diagnostics;

/// <summary>Consecutive texts and the batches that they are in.</summary>
internal readonly record struct PreparedSlice(int FirstText, int Texts, int FirstBatch, int Batches);
