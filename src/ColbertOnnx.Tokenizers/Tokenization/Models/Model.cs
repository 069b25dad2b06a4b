namespace ColbertOnnx.Tokenization.Models;

/// <summary>Makes ids of a word. Immutable.</summary>
internal abstract class Model
{
    private static int last;

    /// <summary>Tells the words of this model from those of others; above 0.</summary>
    public int Number { get; } = Interlocked.Increment(ref last);

    /// <summary>True when a word costs more than to look whether it came before.</summary>
    public virtual bool IsWorthKeeping => true;

    /// <summary>Number of pieces; added tokens get ids from there on.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>One more than the largest id.</summary>
    public abstract int IdLimit { get; }

    /// <summary>The id for what is not known; -1 when there is none.</summary>
    public abstract int UnknownId { get; }

    /// <summary>-1 when there is none.</summary>
    public abstract int TokenToId(ReadOnlySpan<char> token);

    public abstract bool TryGetToken(int id, out ReadOnlySpan<char> token);

    /// <summary>Adds the tokens of a word that begins at <paramref name="start"/> in the normalized text.</summary>
    public abstract void Tokenize(ReadOnlySpan<char> word, int start, TokenList tokens, Workspace workspace);

    /// <summary>The type that an untyped model of the first versions must be: it is known by its fields.</summary>
    public static string? TypeOf(TokenizerNode node) =>
        node.Fields.ContainsKey("merges") ? "BPE"
        : node.Fields.ContainsKey("max_input_chars_per_word") ? "WordPiece"
        : node.Fields.ContainsKey("unk_token") ? "WordLevel"
        : node.Fields.ContainsKey("vocab") ? "Unigram"
        : null;

    protected static ColbertException LacksUnknown(string token, ReadOnlySpan<char> word) =>
        new(
            ColbertErrorId.TokenizerInvalid, $"The vocabulary has neither '{word}' nor the unknown token '{token}'.", token,
            "Add the unknown token to the tokenizer's vocabulary.");
}
