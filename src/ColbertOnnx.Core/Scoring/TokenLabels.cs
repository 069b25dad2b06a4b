namespace ColbertOnnx.Scoring;

/// <summary>Token vectors of an embedding as people read them: the words of the text, not the pieces of a vocabulary.</summary>
internal static class TokenLabels
{
    /// <summary>Stands before a piece that goes on with a word.</summary>
    public const string Continues = "·";

    private const string Blank = "␣";

    /// <summary>A label for each token vector; null when it is unknown what the vectors stand for.</summary>
    public static IReadOnlyList<string>? Of(ColbertEmbedding embedding, TokenSource? source)
    {
        IReadOnlyList<string>? tokens = embedding.Tokens;
        IReadOnlyList<(int Start, int End)>? offsets = embedding.TokenOffsets;
        if (offsets is null && source is not null && source.TryFind(embedding, out string[] foundTokens, out (int, int)[] foundOffsets))
            (tokens, offsets) = (foundTokens, foundOffsets);
        if (tokens?.Count != embedding.TokenCount) tokens = null;
        if (offsets?.Count != embedding.TokenCount) offsets = null;
        if (tokens is null && offsets is null) return null;

        var labels = new string[embedding.TokenCount];
        for (int i = 0; i < labels.Length; i++)
        {
            string? piece = tokens?[i];
            labels[i] = offsets is null ? OfPiece(piece!)
                // Bytes of one character are pieces of their own, and each of them stands for all of it.
                : i > 0 && offsets[i] == offsets[i - 1] && offsets[i].End > offsets[i].Start ? Continues
                : OfPart(embedding.Text, offsets[i]) ?? (piece is null ? "" : OfPiece(piece));
        }

        return labels;
    }

    /// <summary>Null for tokens that the text does not hold.</summary>
    private static string? OfPart(string text, (int Start, int End) part)
    {
        if (part.Start < 0 || part.End <= part.Start || part.End > text.Length) return null;
        string words = Plain(text[part.Start..part.End]).Trim();
        if (words.Length == 0) return Blank;
        bool continues = part.Start > 0 && char.IsLetterOrDigit(text[part.Start - 1]) && char.IsLetterOrDigit(text[part.Start]);
        return continues ? Continues + words : words;
    }

    // WordPiece marks what continues a word, SentencePiece and byte-level BPE what begins one.
    private static string OfPiece(string piece) => piece.StartsWith("##", StringComparison.Ordinal) && piece.Length > 2
        ? Continues + piece[2..]
        : piece.Length > 0 && piece[0] is '▁' or 'Ġ' ? piece.Length == 1 ? Blank : piece[1..] : piece;

    private static string Plain(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
