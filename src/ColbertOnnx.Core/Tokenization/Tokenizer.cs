namespace ColbertOnnx.Tokenization;

/// <summary>A tokenizer.json, read whole. Safe to use from many threads at once.</summary>
public sealed class Tokenizer
{
    private Tokenizer()
    {
    }

    /// <summary>Reads a tokenizer.json.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.TokenizerInvalid"/>, <see cref="ColbertErrorId.TokenizerUnsupported"/>.</exception>
    public static Tokenizer Load(string path) => throw new NotSupportedException();

    /// <summary>Reads the text of a tokenizer.json; <paramref name="source"/> names it in errors.</summary>
    public static Tokenizer Parse(ReadOnlyMemory<byte> utf8Json, string source) => throw new NotSupportedException();

    /// <summary>Special tokens that the template puts around one text.</summary>
    public int SpecialTokenCount => throw new NotSupportedException();

    /// <summary>The file's own truncation and padding sides (Right when it has none); nothing else of those blocks is obeyed.</summary>
    public TruncationSide TruncationSide => throw new NotSupportedException();

    public TruncationSide PaddingSide => throw new NotSupportedException();

    /// <summary>The id of a piece or an added token, matched as it is; null when there is none.</summary>
    public int? TokenToId(string token) => throw new NotSupportedException();

    public string? IdToToken(int id) => throw new NotSupportedException();

    /// <summary>The id that the model gives to what it does not know; null when it has none.</summary>
    public int? UnknownTokenId => throw new NotSupportedException();

    /// <summary>A copy of this tokenizer that knows one more added token (not special, no flags, normalized), as PyLate adds its prefixes.</summary>
    public Tokenizer WithAddedTokens(params IEnumerable<string> tokens) => throw new NotSupportedException();

    /// <summary>Replaces the buffer's content with the tokens of the text.</summary>
    public void Encode(ReadOnlySpan<char> text, TokenBuffer output, TokenizeOptions options) => throw new NotSupportedException();
}
