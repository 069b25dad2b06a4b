namespace ColbertOnnx.Pipeline;

/// <summary>Slots that share a call, as a piece of their chunk's order.</summary>
internal readonly record struct EncodeBatch(EncodeSlot[] Chunk, int Start, int Count, int Length)
{
    public ReadOnlySpan<EncodeSlot> Slots => Chunk.AsSpan(Start, Count);
}
