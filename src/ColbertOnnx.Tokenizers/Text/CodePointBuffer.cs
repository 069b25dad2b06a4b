namespace ColbertOnnx.Text;

/// <summary>
/// Code points with their changes, as tokenizers counts them: 0 stands for one code point of the input, 1 was inserted
/// (it belongs to the one before), -n stands for one of the input and swallows the n after it.
/// </summary>
internal sealed class CodePointBuffer
{
    private int[] codePoints = new int[256];
    private int[] changes = new int[256];
    private int room;

    /// <summary>Of the text that the code points belong to.</summary>
    public TextGuard Guard { get; set; } = new();

    public int Count { get; private set; }

    public Span<int> CodePoints => codePoints.AsSpan(0, Count);

    public Span<int> Changes => changes.AsSpan(0, Count);

    public void Add(int codePoint, int change)
    {
        if (Count >= room)
            MakeRoom();
        codePoints[Count] = codePoint;
        changes[Count++] = change;
    }

    public void Clear() => Count = room = 0;

    public void Truncate(int count) => Count = count;

    private void MakeRoom()
    {
        int larger = Guard.RoomFor(Count + 1L);
        if (Count == codePoints.Length)
        {
            Array.Resize(ref codePoints, larger);
            Array.Resize(ref changes, larger);
        }
        room = Math.Min(Math.Min(codePoints.Length, Guard.Most), Guard.Look(Count));
    }
}
