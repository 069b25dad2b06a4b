using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.Models;

/// <summary>
/// The longest piece that the word begins with, then the longest that goes on, to the end; a word that cannot be covered
/// or is too long is unknown as a whole. Read in src/models/wordpiece/mod.rs.
/// </summary>
internal sealed class WordPiece : Model
{
    private readonly Vocabulary vocabulary;
    private readonly string unknownToken;
    private readonly string prefix;
    private readonly uint firstHash, prefixHash;
    private readonly int maxInputChars;

    private WordPiece(Vocabulary vocabulary, string unknownToken, string prefix, int maxInputChars)
    {
        (this.vocabulary, this.unknownToken, this.prefix, this.maxInputChars) = (vocabulary, unknownToken, prefix, maxInputChars);
        firstHash = Vocabulary.Hash(default);
        prefixHash = Vocabulary.Hash(prefix);
        UnknownId = vocabulary.Find(unknownToken);
    }

    public override int VocabularySize => vocabulary.Count;

    public override int IdLimit => vocabulary.IdLimit;

    public override int UnknownId { get; }

    public static WordPiece Read(TokenizerNode node) => new(
        Vocabulary.Read(node.Get("vocab"), Limits.PieceLength), node.String("unk_token"),
        node.Get("continuing_subword_prefix").AsString(Limits.AffixLength, nameof(Limits.AffixLength)),
        node.Int("max_input_chars_per_word"));

    public override int TokenToId(ReadOnlySpan<char> token) => vocabulary.Find(token);

    public override bool TryGetToken(int id, out ReadOnlySpan<char> token) => vocabulary.TryGet(id, out token);

    public override void Tokenize(ReadOnlySpan<char> word, int start, TokenList tokens, Workspace workspace)
    {
        int before = tokens.Count;
        if (IsTooLong(word) || !Cover(word, start, tokens, workspace.InputOf(Math.Min(word.Length, vocabulary.MaxLength)), workspace.Guard))
        {
            if (UnknownId < 0) throw LacksUnknown(unknownToken, word);
            tokens.Truncate(before);
            tokens.Add(UnknownId, start, start + word.Length);
        }
    }

    private bool Cover(ReadOnlySpan<char> word, int start, TokenList tokens, Span<int> hashes, TextGuard guard)
    {
        int steps = 0;
        for (int at = 0, look = TextGuard.Stride; at < word.Length;)
        {
            if (at >= look)
            {
                look = guard.Look(at);
                guard.Count(steps);
                steps = 0;
            }

            ReadOnlySpan<char> before = at == 0 ? default : prefix;
            int limit = Math.Min(word.Length - at, vocabulary.MaxLength - before.Length);
            uint hash = at == 0 ? firstHash : prefixHash;
            for (int i = 0; i < limit; i++)
                hashes[i] = (int)(hash = Vocabulary.Continue(hash, word[at + i]));

            int id = -1, length = limit;
            for (; length > 0; length--)
            {
                id = vocabulary.Find((uint)hashes[length - 1], before, word.Slice(at, length));
                if (id >= 0) break;
            }

            steps += limit + limit - length;
            if (id < 0) return false;
            tokens.Add(id, start + at, start + at + length);
            at += length;
        }

        return true;
    }

    private bool IsTooLong(ReadOnlySpan<char> word)
    {
        if (word.Length <= maxInputChars) return false;
        int count = 0;
        for (int i = 0; i < word.Length && count <= maxInputChars; count++)
        {
            CodePoint.At(word, i, out int units);
            i += units;
        }

        return count > maxInputChars;
    }
}
