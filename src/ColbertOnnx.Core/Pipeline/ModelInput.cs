namespace ColbertOnnx.Pipeline;

/// <summary>
/// One text as the model gets it: token ids, attention mask, and which of its token vectors are kept. Reused from text to text.
/// </summary>
internal sealed class ModelInput
{
    private int[] ids = new int[64];
    private byte[] attention = new byte[64];
    private int[] kept = new int[64];
    private (int Start, int End)[] offsets = [];

    /// <summary>Tokens, expansion included.</summary>
    public int Count { get; private set; }

    /// <summary>Token vectors that are kept.</summary>
    public int KeptCount { get; set; }

    /// <summary>True when the limit took tokens away.</summary>
    public bool IsTruncated { get; set; }

    public bool HasOffsets { get; private set; }

    public ReadOnlySpan<int> Ids => ids.AsSpan(0, Count);

    public ReadOnlySpan<byte> AttentionMask => attention.AsSpan(0, Count);

    /// <summary>Indices of the tokens whose vectors are kept, ascending.</summary>
    public ReadOnlySpan<int> Kept => kept.AsSpan(0, KeptCount);

    /// <summary>
    /// Where each token lies in the given text, in UTF-16 units; (0, 0) for tokens that it does not hold. Empty unless asked for.
    /// </summary>
    public ReadOnlySpan<(int Start, int End)> Offsets => HasOffsets ? offsets.AsSpan(0, Count) : [];

    internal Span<int> WritableIds => ids.AsSpan(0, Count);

    internal Span<byte> WritableAttention => attention.AsSpan(0, Count);

    internal Span<int> WritableKept => kept.AsSpan(0, Count);

    internal Span<(int Start, int End)> WritableOffsets => HasOffsets ? offsets.AsSpan(0, Count) : [];

    /// <summary>Makes room for a sequence; the content is undefined until written.</summary>
    internal void Reset(int count, bool withOffsets)
    {
        if (count > ids.Length)
        {
            int capacity = Math.Max(count, ids.Length * 2);
            ids = new int[capacity];
            attention = new byte[capacity];
            kept = new int[capacity];
        }

        if (withOffsets && offsets.Length < count) offsets = new (int, int)[ids.Length];
        Count = count;
        KeptCount = 0;
        IsTruncated = false;
        HasOffsets = withOffsets;
    }
}
