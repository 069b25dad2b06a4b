namespace ColbertOnnx.Pipeline;

/// <summary>
/// How much may be under way in one stream. A chunk is what is planned together; a window holds four, so that lanes find
/// work while the caller takes results. Bounds in texts, tokens and characters: none of them alone bounds memory.
/// </summary>
internal readonly record struct WindowLimits(int ChunkTexts, int ChunkTokens, int Texts, int Tokens, int Characters)
{
    private const int ChunksInWindow = 4;
    private const int BatchesInChunk = 4;

    public static WindowLimits For(int lanes, int? batchSize, int? tokensPerBatch = null)
    {
        int chunkTexts = (int)Math.Clamp((batchSize ?? 1L) * lanes, 256, 4096);
        int chunkTokens = Math.Max(16 * 1024, 2 * 1024 * lanes);

        // Enough for some full batches, of short texts too: what is planned together is sorted together.
        if (tokensPerBatch is { } tokens)
            (chunkTexts, chunkTokens) = (Math.Max(chunkTexts, tokens / BatchesInChunk), Math.Max(chunkTokens, BatchesInChunk * tokens));
        return new(chunkTexts, chunkTokens, ChunksInWindow * chunkTexts, ChunksInWindow * chunkTokens, 4 * 1024 * 1024);
    }
}
