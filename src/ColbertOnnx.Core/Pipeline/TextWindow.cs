namespace ColbertOnnx.Pipeline;

/// <summary>
/// The texts of a stream that were added and are not taken yet: in their order, and bounded. Guarded by the pool's gate, but for the slots
/// of texts that a lane has claimed.
/// </summary>
internal sealed class TextWindow(WindowLimits limits, int mostTokens)
{
    private readonly EncodeSlot?[] ring = new EncodeSlot?[limits.Texts];
    private int tokens;
    private long characters;

    public long Added { get; private set; }

    public long Taken { get; private set; }

    /// <summary>No more texts will come.</summary>
    public bool IsComplete { get; set; }

    /// <summary>Callers that wait for lanes, and so add nothing meanwhile.</summary>
    public int WaitingCallers { get; set; }

    public bool IsEmpty => Taken == Added;

    public bool IsHeadDone => Taken < Added && SlotOf(Taken).IsDone;

    public EncodeSlot SlotOf(long sequence) => ring[sequence % ring.Length]!;

    /// <summary>A text that alone is larger than the window goes through it alone.</summary>
    public bool HasRoomFor(string text) =>
        IsEmpty
            || (Added - Taken < limits.Texts && tokens + GuessTokens(text) <= limits.Tokens
            && characters + text.Length <= limits.Characters);

    public void Add(in ColbertText text)
    {
        EncodeSlot slot = ring[Added % ring.Length] ??= new EncodeSlot();
        slot.Input = text;
        slot.Sequence = Added++;
        slot.Tokens = GuessTokens(text.Text);
        tokens += slot.Tokens;
        characters += text.Text.Length;
    }

    /// <summary>What the text really has; replaces the guess.</summary>
    public void SetTokens(EncodeSlot slot, int length)
    {
        tokens += length - slot.Tokens;
        slot.Tokens = length;
    }

    public ColbertEncodeResult Take()
    {
        EncodeSlot slot = SlotOf(Taken++);
        ColbertEncodeResult result = new(slot.Input, slot.Embedding, slot.Error);
        tokens -= slot.Tokens;
        characters -= slot.Input.Text.Length;
        slot.Clear();
        return result;
    }

    public void Clear() => Array.Clear(ring);

    /// <summary>A text of this many characters has hardly ever more tokens than this.</summary>
    private int GuessTokens(string text) => (int)Math.Min(mostTokens, text.Length + 8L);
}
