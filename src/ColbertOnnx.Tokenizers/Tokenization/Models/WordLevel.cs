namespace ColbertOnnx.Tokenization.Models;

/// <summary>A word is in the vocabulary or unknown. Read in src/models/wordlevel/mod.rs.</summary>
internal sealed class WordLevel(Vocabulary vocabulary, string unknownToken) : Model
{
    public override int VocabularySize => vocabulary.Count;

    public override int IdLimit => vocabulary.IdLimit;

    public override bool IsWorthKeeping => false;

    public override int UnknownId { get; } = vocabulary.Find(unknownToken);

    public static WordLevel Read(TokenizerNode node) => new(Vocabulary.Read(node.Get("vocab")), node.String("unk_token"));

    public override int TokenToId(ReadOnlySpan<char> token) => vocabulary.Find(token);

    public override bool TryGetToken(int id, out ReadOnlySpan<char> token) => vocabulary.TryGet(id, out token);

    public override void Tokenize(ReadOnlySpan<char> word, int start, TokenList tokens, Workspace workspace)
    {
        int id = vocabulary.Find(word);
        if (id < 0) id = UnknownId;
        if (id < 0) throw LacksUnknown(unknownToken, word);
        tokens.Add(id, start, start + word.Length);
    }
}
