using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.PreTokenizers;

/// <summary>So many code points each. Read in src/pre_tokenizers/fixed_length.rs.</summary>
internal sealed class FixedLength(int length) : SplittingPreTokenizer
{
    public static FixedLength Read(TokenizerNode node)
    {
        int length = node.Find("length")?.AsInt() ?? 5;
        return length > 0 ? new FixedLength(length) : throw node.Get("length").Invalid("must be at least 1");
    }

    protected override void Cut(PreTokenizedText text, Piece piece)
    {
        ReadOnlySpan<char> chars = text.Chars[..piece.End];
        int start = piece.Start, count = 0;
        for (int i = piece.Start, look = i + TextGuard.Stride; i < chars.Length;)
        {
            if (i >= look) look = text.Guard.Look(i);
            CodePoint.At(chars, i, out int units);
            i += units;
            if (++count < length) continue;
            text.Add(start, i);
            (start, count) = (i, 0);
        }

        text.Add(start, piece.End);
    }
}
