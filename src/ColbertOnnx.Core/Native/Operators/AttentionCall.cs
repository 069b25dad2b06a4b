namespace ColbertOnnx.Native.Operators;

/// <summary>What AttentionRows does in one <c>Run</c>.</summary>
internal unsafe struct AttentionCall
{
    public AttentionSettings Settings;
    public HeadRows Queries, Keys, Values, Results;

    /// <summary>For each key of each text whether it may be seen; null: all may.</summary>
    public byte* Mask;

    /// <summary>Tokens of each text.</summary>
    public int Length;

    /// <summary>Head size.</summary>
    public int HeadSize;
}
