using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.Models;

/// <summary>Byte-pair encoding. Read in src/models/bpe/model.rs and word.rs.</summary>
internal sealed class Bpe : Model
{
    private const byte Untried = 0, Whole = 1, Divided = 2;

    private readonly Vocabulary vocabulary;
    private readonly BpeMerges merges;
    private readonly string? unknownToken;
    private readonly string prefix, suffix;
    private readonly bool fuseUnknown, byteFallback, ignoreMerges;
    private readonly int[] singles = new int[0x200];
    private readonly int[] bytes = new int[256];

    // Whether a piece of the vocabulary, as a word, comes out as that piece: most words of most texts need no merging
    // at all. Every thread may find out; they all find the same.
    private readonly byte[] wholes;

    private Bpe(TokenizerNode node, Vocabulary vocabulary, BpeMerges merges, string? prefix)
    {
        (this.vocabulary, this.merges) = (vocabulary, merges);
        this.prefix = prefix ?? "";
        suffix = node.Find("end_of_word_suffix")?.AsString(Limits.AffixLength, nameof(Limits.AffixLength)) ?? "";
        unknownToken = node.Find("unk_token")?.AsString();
        fuseUnknown = node.Bool("fuse_unk", missing: false);
        byteFallback = node.Bool("byte_fallback", missing: false);
        ignoreMerges = node.Bool("ignore_merges", missing: false);
        UnknownId = unknownToken is null ? -1 : vocabulary.Find(unknownToken);
        wholes = new byte[vocabulary.IdLimit];
        for (int c = 0; c < singles.Length; c++)
            singles[c] = vocabulary.Find([(char)c]);
        for (int b = 0; b < bytes.Length; b++)
            bytes[b] = vocabulary.Find($"<0x{b:X2}>");
    }

    public override int VocabularySize => vocabulary.Count;

    public override int IdLimit => vocabulary.IdLimit;

    public override int UnknownId { get; }

    public static Bpe Read(TokenizerNode node)
    {
        if (node.Find("dropout") is { } dropout && dropout.AsDouble() != 0) throw dropout.Unsupported("leaves merges out at random");
        string? prefix = node.Find("continuing_subword_prefix")?.AsString(Limits.AffixLength, nameof(Limits.AffixLength));
        Vocabulary vocabulary = Vocabulary.Read(node.Get("vocab"));
        return new Bpe(node, vocabulary, BpeMerges.Read(node.Get("merges"), vocabulary, prefix?.Length ?? 0), prefix);
    }

    public override int TokenToId(ReadOnlySpan<char> token) => vocabulary.Find(token);

    public override bool TryGetToken(int id, out ReadOnlySpan<char> token) => vocabulary.TryGet(id, out token);

    public override void Tokenize(ReadOnlySpan<char> word, int start, TokenList tokens, Workspace workspace)
    {
        if (ignoreMerges && vocabulary.Find(word) is >= 0 and var direct)
        {
            tokens.Add(direct, start, start + word.Length);
            return;
        }

        int whole = word.Length <= vocabulary.MaxLength ? Find(word) : -1;
        if (whole >= 0 && wholes[whole] == Whole)
        {
            tokens.Add(whole, start, start + word.Length);
            return;
        }

        BpeWord symbols = workspace.Word;
        bool isExact = Begin(word, symbols, workspace.Guard);
        symbols.Merge(merges, workspace.Guard);
        if (whole >= 0 && wholes[whole] == Untried)
            wholes[whole] = symbols.Count == 1 && symbols.Symbols[0].Id == whole && isExact ? Whole : Divided;
        if (isExact)
        {
            foreach (BpeWord.Symbol symbol in symbols.Symbols)
                tokens.Add(symbol.Id, start + symbol.Start, start + symbol.End);
        }
        else
        {
            AddByBytes(word, start, symbols.Symbols, tokens);
        }
    }

    private int Find(ReadOnlySpan<char> word)
    {
        uint hash = Vocabulary.Hash(word);
        foreach (char c in suffix)
            hash = Vocabulary.Continue(hash, c);
        return vocabulary.Find(hash, word, suffix);
    }

    /// <summary>
    /// One symbol for each code point. False: the symbols do not lie end to end as the word does, since something unknown
    /// was dropped or came out of order; then their lengths in bytes say where they are, as in the original.
    /// </summary>
    private bool Begin(ReadOnlySpan<char> word, BpeWord symbols, TextGuard guard)
    {
        bool isExact = true, isPlain = prefix.Length + suffix.Length == 0;
        int unknownStart = -1, unknownEnd = 0, unknownBytes = 0;
        symbols.Clear();
        for (int i = 0, look = TextGuard.Stride; i < word.Length;)
        {
            if (i >= look) look = guard.Look(i);
            int cp = CodePoint.At(word, i, out int units), end = i + units, size = CodePoint.Utf8Length(cp);
            int id = isPlain && cp < singles.Length ? singles[cp] : FindSingle(word, i, end);
            if (id >= 0)
            {
                Flush(symbols);
                symbols.Add(id, i, end, size);
            }
            else if (byteFallback && AddBytes(word, i, end, symbols, ref isExact))
            {
                // What is unknown before them still waits, and will come out behind them.
                isExact &= unknownStart < 0;
            }
            else if (unknownToken is null)
            {
                isExact = false;
            }
            else if (UnknownId < 0)
            {
                throw LacksUnknown(unknownToken, word[i..end]);
            }
            else
            {
                if (!fuseUnknown) Flush(symbols);
                if (unknownStart < 0) (unknownStart, unknownBytes) = (i, 0);
                (unknownEnd, unknownBytes) = (end, unknownBytes + size);
            }

            i = end;
        }

        Flush(symbols);
        return isExact;

        void Flush(BpeWord symbols)
        {
            if (unknownStart >= 0) symbols.Add(UnknownId, unknownStart, unknownEnd, unknownBytes);
            unknownStart = -1;
        }
    }

    private int FindSingle(ReadOnlySpan<char> word, int start, int end)
    {
        ReadOnlySpan<char> before = start > 0 ? prefix : default, after = end == word.Length ? suffix : default;
        if (before.IsEmpty && after.IsEmpty) return vocabulary.Find(word[start..end]);
        int size = before.Length + end - start + after.Length;
        if (size > vocabulary.MaxLength) return -1;
        Span<char> piece = size <= 64 ? stackalloc char[size] : new char[size];
        before.CopyTo(piece);
        word[start..end].CopyTo(piece[before.Length..]);
        after.CopyTo(piece[(size - after.Length)..]);
        return vocabulary.Find(piece);
    }

    private bool AddBytes(ReadOnlySpan<char> word, int start, int end, BpeWord symbols, ref bool isExact)
    {
        Span<byte> text = stackalloc byte[4];
        int size = System.Text.Encoding.UTF8.GetBytes(word[start..end], text);
        string before = start > 0 ? prefix : "", after = end == word.Length ? suffix : "";
        if (before.Length + after.Length > 0)
        {
            // The prefix and the suffix become bytes too, and count as if the word had them.
            byte[] all = System.Text.Encoding.UTF8.GetBytes(string.Concat(before, word[start..end], after));
            isExact = false;
            return AddBytes(all, start, end, symbols);
        }

        return AddBytes(text[..size], start, end, symbols);
    }

    private bool AddBytes(ReadOnlySpan<byte> text, int start, int end, BpeWord symbols)
    {
        foreach (byte b in text)
        {
            if (bytes[b] < 0) return false;
        }

        foreach (byte b in text)
            symbols.Add(bytes[b], start, end, 1);
        return true;
    }

    private static void AddByBytes(ReadOnlySpan<char> word, int start, ReadOnlySpan<BpeWord.Symbol> symbols, TokenList tokens)
    {
        // "at" is the code point that holds the byte "position"; it ends at the byte "end".
        int at = 0, units = 0, position = 0, end = 0;
        foreach (BpeWord.Symbol symbol in symbols)
        {
            Advance(word, position);
            int first = at;
            position += symbol.Bytes;
            Advance(word, position - 1);
            tokens.Add(symbol.Id, start + first, start + at + units);
        }

        void Advance(ReadOnlySpan<char> word, int to)
        {
            while (end <= to && at + units < word.Length)
            {
                at += units;
                end += CodePoint.Utf8Length(CodePoint.At(word, at, out units));
            }
        }
    }
}
