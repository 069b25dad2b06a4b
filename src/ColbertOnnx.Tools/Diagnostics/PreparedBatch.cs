namespace ColbertOnnx.Diagnostics;

/// <summary>One batch, tokenized and padded.</summary>
/// <param name="Texts">Indices of the texts that its sequences are of.</param>
internal readonly record struct PreparedBatch(int Length, int[] Ids, byte[] Mask, int[] Texts)
{
    public int Count => Texts.Length;

    /// <summary>Batch size: sequences of the texts, then empty ones where a provider wants full batches.</summary>
    public int Size => Ids.Length / Length;
}
