using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.PreTokenizers;

/// <summary>Whitespace goes, nothing else happens. Read in src/pre_tokenizers/whitespace.rs.</summary>
internal sealed class WhitespaceSplit : SplittingPreTokenizer
{
    // All whitespace is in the basic plane.
    protected override void Cut(PreTokenizedText text, Piece piece)
    {
        ReadOnlySpan<char> chars = text.Chars[..piece.End];
        int start = piece.Start;
        for (int i = piece.Start, look = i + TextGuard.Stride; i < chars.Length; i++)
        {
            if (i >= look) look = text.Guard.Look(i);
            if (!UnicodeData.IsWhitespace(chars[i])) continue;
            text.Add(start, i);
            start = i + 1;
        }

        text.Add(start, piece.End);
    }
}
