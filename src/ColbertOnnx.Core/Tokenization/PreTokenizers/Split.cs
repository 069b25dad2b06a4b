namespace ColbertOnnx.Tokenization.PreTokenizers;

/// <summary>Splits at the matches of a pattern, or, inverted, between them. Read in src/pre_tokenizers/split.rs.</summary>
internal sealed class Split(TextPattern pattern, SplitBehavior behavior, bool invert) : SplittingPreTokenizer
{
    public TextPattern Pattern => pattern;

    public static Split Read(TokenizerNode node) => new(TextPattern.Read(node.Get("pattern")), node.Choice<SplitBehavior>("behavior"), node.Bool("invert"));

    protected override void Cut(PreTokenizedText text, Piece piece)
    {
        var collector = new SplitCollector(text, behavior);
        int done = piece.Start;
        foreach ((int start, int end) in pattern.FindAll(text.CharsOf(piece)))
        {
            if (done < piece.Start + start) collector.Add(done, piece.Start + start, invert);
            collector.Add(piece.Start + start, piece.Start + end, !invert);
            done = piece.Start + end;
        }

        if (done < piece.End) collector.Add(done, piece.End, invert);
        collector.Finish();
    }

    // A match may begin in the last piece and end behind the text; an expression may look anywhere.
    protected override void End(PreTokenizedText text) => text.EndSplit(pattern.Literal is null ? int.MaxValue : 1, isOpen: false);
}
