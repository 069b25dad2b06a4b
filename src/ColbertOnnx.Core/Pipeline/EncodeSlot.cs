namespace ColbertOnnx.Pipeline;

/// <summary>A text's place in the window, from <see cref="EncodeStream.TryAdd"/> to Take. Reused.</summary>
internal sealed class EncodeSlot
{
    public ColbertText Input;

    /// <summary>Number of the text in its stream, from 0.</summary>
    public long Sequence;

    /// <summary>Tokens that the window counts for it: an upper guess first, then the sequence's length.</summary>
    public int Tokens;

    /// <summary>What the model gets, between tokenizing and the end of its batch.</summary>
    public ModelInput? ModelInput;

    public bool IsTokenized;

    public bool IsDone;

    public ColbertEmbedding? Embedding;

    public ColbertException? Error;

    public void Clear()
    {
        Input = default;
        ModelInput = null;
        Embedding = null;
        Error = null;
        IsTokenized = IsDone = false;
    }
}
