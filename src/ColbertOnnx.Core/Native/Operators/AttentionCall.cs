namespace ColbertOnnx.Native.Operators;

/// <summary>What AttentionRows does in one <c>Run</c>.</summary>
internal unsafe struct AttentionCall
{
    public AttentionSettings Settings;
    public HeadRows Queries, Keys, Values, Results;

    /// <summary>For each key of a text whether it may be seen; null: all may.</summary>
    public byte* Mask;

    /// <summary>From one text's to the next one's; 0: it is the same for all.</summary>
    public long MaskApart;

    /// <summary>Tokens of each text.</summary>
    public int Length;

    /// <summary>Head size.</summary>
    public int HeadSize;
}
