namespace ColbertOnnx.Tokenization;

/// <summary>Where a tokenizer puts its tokens. Reused from text to text, so that the steady state allocates nothing.</summary>
public sealed class TokenBuffer
{
    private int[] ids = new int[256];
    private int[] typeIds = new int[256];
    private (int Start, int End)[] offsets = [];
    private bool hasOffsets;

    /// <summary>Number of ids.</summary>
    public int Count { get; private set; }

    /// <summary>True when the limit took tokens away.</summary>
    public bool IsTruncated { get; internal set; }

    /// <summary>The ids.</summary>
    public ReadOnlySpan<int> Ids => ids.AsSpan(0, Count);

    /// <summary>The type id of each id: 0 for the first sequence, 1 for the second.</summary>
    public ReadOnlySpan<int> TypeIds => typeIds.AsSpan(0, Count);

    /// <summary>
    /// Start and end in UTF-16 units of the given text; (0, 0) for special tokens of the template. Empty unless asked for.
    /// </summary>
    public ReadOnlySpan<(int Start, int End)> Offsets => hasOffsets ? offsets.AsSpan(0, Count) : default;

    /// <summary>One line for people.</summary>
    public override string ToString() => $"{ShownText.Count(Count, "token")}{(IsTruncated ? ", cut" : "")}";

    internal void Clear()
    {
        Count = 0;
        hasOffsets = false;
        IsTruncated = false;
    }

    internal void Add(int id, int typeId)
    {
        if (Count == ids.Length)
        {
            Array.Resize(ref ids, Count * 2);
            Array.Resize(ref typeIds, Count * 2);
        }

        ids[Count] = id;
        typeIds[Count++] = typeId;
    }

    internal void Add(int id, int typeId, int start, int end)
    {
        Add(id, typeId);
        if (offsets.Length < ids.Length) Array.Resize(ref offsets, ids.Length);
        offsets[Count - 1] = (start, end);
        hasOffsets = true;
    }
}
