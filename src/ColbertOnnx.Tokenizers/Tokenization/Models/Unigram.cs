using System.Buffers;
using System.Text;
using System.Text.Json;
using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.Models;

/// <summary>The likeliest sequence of pieces. Read in src/models/unigram/model.rs; the search is <see cref="UnigramLattice"/>.</summary>
internal sealed class Unigram : Model
{
    private readonly Vocabulary vocabulary;
    private readonly UnigramLattice lattice;
    private readonly int[]? bytes;

    private Unigram(Vocabulary vocabulary, PieceTrie trie, double[] scores, int unknownId, bool byteFallback)
    {
        this.vocabulary = vocabulary;
        UnknownId = unknownId;
        VocabularySize = scores.Length;
        lattice = new UnigramLattice(trie, scores, unknownId);
        if (!byteFallback) return;
        bytes = new int[256];
        for (int b = 0; b < bytes.Length; b++)
            bytes[b] = vocabulary.Find($"<0x{b:X2}>");
    }

    public override int VocabularySize { get; }

    public override int IdLimit => VocabularySize;

    public override int UnknownId { get; }

    public static Unigram Read(TokenizerNode node)
    {
        TokenizerNode field = node.Get("vocab");
        var chars = new ArrayBufferWriter<char>(field.Bytes.Length / 2);
        List<int> ends = [];
        List<double> scores = [];
        try
        {
            ReadPieces(field, chars, ends, scores);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw field.Invalid($"[{scores.Count}] is not a piece and its score", e);
        }

        TokenizerNode? unknown = node.Find("unk_id");
        if (unknown?.AsInt() >= scores.Count) throw unknown.Invalid("is not the id of a piece");
        var trie = new PieceTrie(scores.Count);
        for (int i = 0, start = 0; i < ends.Count; start = ends[i++])
        {
            if (ends[i] - start > Limits.PieceLength)
                throw field.Unsupported(
                    FormattableString.Invariant(
                        $"[{i}] is a piece of more than {Limits.PieceLength:N0} characters (the limit {nameof(Limits.PieceLength)})"));
            if (!trie.Add(chars.WrittenSpan[start..ends[i]], i))
                throw field.Unsupported(
                    FormattableString.Invariant(
                        $"has pieces of more than {EdgeTable.MostNodes:N0} characters in all (limit of a Unigram vocabulary)"));
        }

        return new Unigram(
            Vocabulary.Of(chars.WrittenSpan, [.. ends]), trie, [.. scores], unknown?.AsInt() ?? -1,
            node.Bool("byte_fallback", missing: false));
    }

    public override int TokenToId(ReadOnlySpan<char> token) => vocabulary.Find(token);

    public override bool TryGetToken(int id, out ReadOnlySpan<char> token) => vocabulary.TryGet(id, out token);

    public override void Tokenize(ReadOnlySpan<char> word, int start, TokenList tokens, Workspace workspace)
    {
        ReadOnlySpan<UnigramPiece> pieces = lattice.Encode(word, workspace.Lattice, workspace.Guard, out bool isMissingUnknown);
        if (isMissingUnknown) throw LacksUnknown("unk_id", word);
        foreach (UnigramPiece piece in pieces)
        {
            if (piece.Id >= 0) tokens.Add(piece.Id, start + piece.Start, start + piece.End);
            else if (!AddBytes(word[piece.Start..piece.End], start + piece.Start, tokens))
                tokens.Add(UnknownId, start + piece.Start, start + piece.End, isText: true);
        }
    }

    // Every byte stands for the whole run of unknown code points.
    private bool AddBytes(ReadOnlySpan<char> unknown, int start, TokenList tokens)
    {
        if (bytes is null) return false;
        int before = tokens.Count;
        Span<byte> utf8 = stackalloc byte[4];
        foreach (Rune rune in unknown.EnumerateRunes())
        {
            foreach (byte b in utf8[..rune.EncodeToUtf8(utf8)])
            {
                if (bytes[b] < 0)
                {
                    tokens.Truncate(before);
                    return false;
                }

                tokens.Add(bytes[b], start, start + unknown.Length);
            }
        }

        return true;
    }

    private static void ReadPieces(TokenizerNode field, ArrayBufferWriter<char> chars, List<int> ends, List<double> scores)
    {
        var reader = new Utf8JsonReader(field.Bytes.Span);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray) throw field.Invalid("must be an array");
        while (reader.Read() && reader.TokenType == JsonTokenType.StartArray)
        {
            reader.Read();
            Vocabulary.Append(ref reader, chars);
            ends.Add(chars.WrittenCount);
            reader.Read();
            scores.Add(reader.GetDouble() is var score && double.IsFinite(score) ? score : throw new JsonException());
            if (!reader.Read() || reader.TokenType != JsonTokenType.EndArray) throw new JsonException();
        }

        if (reader.TokenType != JsonTokenType.EndArray) throw new JsonException();
    }
}
