using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.Decoders;

/// <summary>Blanks between words, none before a piece that goes on. Read in src/decoders/wordpiece.rs.</summary>
internal sealed class WordPiece(string prefix, bool cleanup) : EachDecoder
{
    // In this order, each over what the one before left.
    private static readonly (string Found, string Written)[] Marks =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" do not", " don't"),
        (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    public static WordPiece Read(TokenizerNode node) => new(node.String("prefix"), node.Bool("cleanup"));

    /// <summary>Takes out the blanks that English does not write.</summary>
    public static string Clean(string text)
    {
        if (!text.Contains(' ')) return text;
        foreach ((string found, string written) in Marks) text = text.Replace(found, written, StringComparison.Ordinal);
        return text;
    }

    protected override string Decode(string token, int index, int count, TextGuard guard)
    {
        if (index > 0) token = token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..] : " " + token;
        return cleanup ? Clean(token) : token;
    }
}
