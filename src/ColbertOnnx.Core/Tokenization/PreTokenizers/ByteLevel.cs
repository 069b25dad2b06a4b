using System.Globalization;
using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.PreTokenizers;

/// <summary>
/// GPT-2's: words with the blank before them, then every byte of UTF-8 as a character of its own. Read in
/// src/pre_tokenizers/byte_level.rs.
/// </summary>
internal sealed class ByteLevel(bool addPrefixSpace, bool useRegex) : PreTokenizer
{
    private const byte Letter = 0, Number = 1, Other = 2, Space = 3;

    private static readonly byte[] Ascii = MakeAscii();

    public static ByteLevel Read(TokenizerNode node)
    {
        // It is the post-processor that obeys trim_offsets.
        node.Bool("trim_offsets");
        return new ByteLevel(node.Bool("add_prefix_space"), node.Bool("use_regex", missing: true));
    }

    public override void PreTokenize(PreTokenizedText text, Workspace workspace)
    {
        text.BeginRewrite();
        ReadOnlySpan<Piece> pieces = text.Pieces;
        for (int i = 0; i < pieces.Length; i++)
        {
            text.Visit(i);
            Piece piece = pieces[i];
            if (piece.IsToken)
            {
                text.Keep(piece);
                continue;
            }

            ReadOnlySpan<char> chars = text.CharsOf(piece);
            int added = addPrefixSpace && chars[0] != ' ' ? 1 : 0;
            if (added == 1)
            {
                Span<char> longer = workspace.CharsOf(chars.Length + 1);
                longer[0] = ' ';
                chars.CopyTo(longer[1..]);
                chars = longer;
            }

            for (int start = 0; start < chars.Length;)
            {
                int end = useRegex ? EndOfMatch(chars, start) : chars.Length;
                int at = text.Written;
                Write(text, piece, chars[start..end], start - added);
                text.Add(at, text.Written);
                start = end;
            }
        }

        // An apostrophe and a letter at the end may become one piece with the letter behind them.
        text.EndRewrite(uncertain: useRegex ? 2 : 1, isOpen: !useRegex);
    }

    private static void Write(PreTokenizedText text, Piece piece, ReadOnlySpan<char> word, int offset)
    {
        Span<char> bytes = stackalloc char[4];
        ReadOnlySpan<Alignment> map = text.MapOf(piece);
        for (int i = 0; i < word.Length;)
        {
            int count = ByteAlphabet.Encode(CodePoint.At(word, i, out int units), bytes);
            // A blank that was put in front belongs to the first code point.
            Alignment alignment = map.IsEmpty ? default : map[Math.Max(0, offset + i)];
            for (int k = 0; k < count; k++)
                text.Write(bytes[k], alignment);
            i += units;
        }
    }

    /// <summary>
    /// Where the match ends that begins at <paramref name="start"/>; there is one at every place. The expression is
    /// <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>.
    /// </summary>
    internal static int EndOfMatch(ReadOnlySpan<char> text, int start)
    {
        if (text[start] == '\'' && Contraction(text[(start + 1)..]) is > 0 and var letters) return start + 1 + letters;
        int units, kind = KindAt(text, start, out units), end = start + units;
        if (kind == Space)
        {
            if (text[start] == ' ' && end < text.Length && KindAt(text, end, out units) is not Space and var next) return EndOfRun(text, end + units, next);
            end = EndOfRun(text, end, Space);
            // The last blank stays for the word behind it.
            return end < text.Length && end - start > 1 ? end - 1 : end;
        }

        return EndOfRun(text, end, kind);
    }

    private static int EndOfRun(ReadOnlySpan<char> text, int from, int kind)
    {
        while (from < text.Length && KindAt(text, from, out int units) == kind) from += units;
        return from;
    }

    private static int Contraction(ReadOnlySpan<char> text) => text switch
    {
        ['s' or 't' or 'm' or 'd', ..] => 1,
        ['r', 'e', ..] or ['v', 'e', ..] or ['l', 'l', ..] => 2,
        _ => 0,
    };

    private static int KindAt(ReadOnlySpan<char> text, int index, out int units)
    {
        units = 1;
        return text[index] < 0x80 ? Ascii[text[index]] : KindOf(CodePoint.At(text, index, out units));
    }

    private static byte KindOf(int cp) => UnicodeData.IsWhitespace(cp)
        ? Space
        : UnicodeData.Category(cp) switch
        {
            <= UnicodeCategory.OtherLetter => Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Number,
            _ => Other,
        };

    private static byte[] MakeAscii()
    {
        var kinds = new byte[0x80];
        for (int cp = 0; cp < kinds.Length; cp++)
            kinds[cp] = KindOf(cp);
        return kinds;
    }
}
