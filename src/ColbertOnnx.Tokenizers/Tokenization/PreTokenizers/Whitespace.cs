using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.PreTokenizers;

/// <summary>The matches of <c>\w+|[^\w\s]+</c>, in the sense of Rust's regex crate. Read in src/pre_tokenizers/whitespace.rs.</summary>
internal sealed class Whitespace : SplittingPreTokenizer
{
    private const int Space = 0, Word = 1, Other = 2;

    protected override void Cut(PreTokenizedText text, Piece piece)
    {
        ReadOnlySpan<char> chars = text.Chars[..piece.End];
        int start = piece.Start, current = Space;
        for (int i = piece.Start, look = i + TextGuard.Stride; i < chars.Length;)
        {
            if (i >= look) look = text.Guard.Look(i);
            int cp = CodePoint.At(chars, i, out int units);
            int kind = UnicodeData.IsWord(cp) ? Word : UnicodeData.IsWhitespace(cp) ? Space : Other;
            if (kind != current)
            {
                if (current != Space) text.Add(start, i);
                (start, current) = (i, kind);
            }

            i += units;
        }

        if (current != Space) text.Add(start, piece.End);
    }
}
