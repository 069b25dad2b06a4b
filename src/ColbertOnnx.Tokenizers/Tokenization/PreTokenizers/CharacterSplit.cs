using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.PreTokenizers;

/// <summary>Splits at single code points.</summary>
internal abstract class CharacterSplit(SplitBehavior behavior) : SplittingPreTokenizer
{
    protected abstract bool IsDelimiter(int cp);

    protected sealed override void Cut(PreTokenizedText text, Piece piece)
    {
        ReadOnlySpan<char> chars = text.Chars[..piece.End];
        var collector = new SplitCollector(text, behavior);
        int done = piece.Start;
        for (int i = piece.Start, look = i + TextGuard.Stride; i < chars.Length;)
        {
            if (i >= look) look = text.Guard.Look(i);
            bool isDelimiter = IsDelimiter(CodePoint.At(chars, i, out int units));
            if (isDelimiter)
            {
                if (done < i) collector.Add(done, i, isMatch: false);
                done = i + units;
                collector.Add(i, done, isMatch: true);
            }

            i += units;
        }

        if (done < piece.End) collector.Add(done, piece.End, isMatch: false);
        collector.Finish();
    }
}
