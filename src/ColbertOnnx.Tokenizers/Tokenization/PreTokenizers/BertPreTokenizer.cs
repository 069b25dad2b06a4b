using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.PreTokenizers;

/// <summary>Whitespace goes, punctuation stands alone. Read in src/pre_tokenizers/bert.rs.</summary>
internal sealed class BertPreTokenizer : SplittingPreTokenizer
{
    private const byte Space = 1, Mark = 2;

    private static readonly byte[] Ascii = MakeAscii();

    protected override void Cut(PreTokenizedText text, Piece piece)
    {
        ReadOnlySpan<char> chars = text.Chars[..piece.End];
        int start = piece.Start;
        for (int i = piece.Start, look = i + TextGuard.Stride; i < chars.Length;)
        {
            if (i >= look) look = text.Guard.Look(i);
            int units = 1;
            byte kind = chars[i] < 0x80 ? Ascii[chars[i]] : KindOf(CodePoint.At(chars, i, out units));
            if (kind != 0)
            {
                text.Add(start, i);
                start = i + units;
                if (kind == Mark) text.Add(i, start);
            }

            i += units;
        }

        text.Add(start, piece.End);
    }

    private static byte KindOf(int cp) => UnicodeData.IsWhitespace(cp) ? Space : UnicodeData.IsBertPunctuation(cp) ? Mark : (byte)0;

    private static byte[] MakeAscii()
    {
        var kinds = new byte[0x80];
        for (int cp = 0; cp < kinds.Length; cp++)
            kinds[cp] = KindOf(cp);
        return kinds;
    }
}
