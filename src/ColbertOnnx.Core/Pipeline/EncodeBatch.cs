namespace ColbertOnnx.Pipeline;

/// <summary>Slots that run together, as a piece of their chunk's order.</summary>
internal readonly record struct EncodeBatch(EncodeSlot[] Chunk, int Start, int Count, int Length)
{
    public ReadOnlySpan<EncodeSlot> Slots => Chunk.AsSpan(Start, Count);
}
