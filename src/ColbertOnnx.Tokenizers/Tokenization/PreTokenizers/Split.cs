namespace ColbertOnnx.Tokenization.PreTokenizers;

/// <summary>Splits at the matches of a pattern, or, inverted, between them. Read in src/pre_tokenizers/split.rs.</summary>
internal sealed class Split(TextPattern pattern, SplitBehavior behavior, bool invert) : SplittingPreTokenizer
{
    public TextPattern Pattern => pattern;

    public static Split Read(TokenizerNode node) =>
        new(TextPattern.Read(node.Get("pattern")), node.Choice<SplitBehavior>("behavior"), node.Bool("invert"));

    protected override void Cut(PreTokenizedText text, Piece piece)
    {
        var collector = new SplitCollector(text, behavior);
        int done = piece.Start;
        List<(int Start, int End)> matches = pattern.FindAll(text.CharsOf(piece), text.Guard);
        int certain = text.IsAtOpenPiece ? TextPattern.CertainBefore : -1;
        foreach ((int start, int end) in matches)
        {
            if (done < piece.Start + start) collector.Add(done, piece.Start + start, invert);
            collector.Add(piece.Start + start, piece.Start + end, !invert);
            done = piece.Start + end;
            if (start < certain) text.MarkCertain();
        }

        if (done < piece.End) collector.Add(done, piece.End, invert);
        collector.Finish();
    }

    protected override void End(PreTokenizedText text) => text.EndSplit(int.MaxValue, isOpen: false);
}
