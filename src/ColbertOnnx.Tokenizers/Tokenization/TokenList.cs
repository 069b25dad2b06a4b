namespace ColbertOnnx.Tokenization;

/// <summary>What the model made of the pieces: ids, and their places in the normalized text.</summary>
internal sealed class TokenList
{
    private Token[] tokens = new Token[256];

    public int Count { get; private set; }

    public ReadOnlySpan<Token> Tokens => tokens.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Truncate(int count) => Count = count;

    /// <summary>Adds a token. <paramref name="isText"/>: its spelling is that of the text, not the vocabulary's.</summary>
    public void Add(int id, int start, int end, bool isText = false)
    {
        if (Count == tokens.Length) Array.Resize(ref tokens, Count * 2);
        tokens[Count++] = new Token(id, start, end, isText);
    }

    internal readonly record struct Token(int Id, int Start, int End, bool IsText);
}
