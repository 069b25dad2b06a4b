using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.PreTokenizers;

/// <summary>
/// Splits where the script changes; a blank fits every script. Blanks in front of the first script are lost, as in the
/// original. Read in src/pre_tokenizers/unicode_scripts/pre_tokenizer.rs.
/// </summary>
internal sealed class UnicodeScripts : SplittingPreTokenizer
{
    private const int Any = 0;

    protected override void Cut(PreTokenizedText text, Piece piece)
    {
        ReadOnlySpan<char> chars = text.Chars[..piece.End];
        int start = -1, last = -1;
        for (int i = piece.Start, look = i + TextGuard.Stride; i < chars.Length;)
        {
            if (i >= look) look = text.Guard.Look(i);
            int script = UnicodeData.Script(CodePoint.At(chars, i, out int units));
            if (script != Any && script != last)
            {
                if (start >= 0) text.Add(start, i);
                (start, last) = (i, script);
            }

            i += units;
        }

        if (start >= 0) text.Add(start, piece.End);
    }
}
