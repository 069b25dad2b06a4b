using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.PreTokenizers;

/// <summary>A pre-tokenizer that leaves the characters alone and only cuts.</summary>
internal abstract class SplittingPreTokenizer : PreTokenizer
{
    public sealed override void PreTokenize(PreTokenizedText text, Workspace workspace)
    {
        text.BeginSplit();
        ReadOnlySpan<Piece> pieces = text.Pieces;
        for (int i = 0, look = TextGuard.Stride; i < pieces.Length; i++)
        {
            if (i >= look) look = text.Guard.Look(i);
            text.Visit(i);
            Piece piece = pieces[i];
            if (piece.IsToken) text.Add(piece);
            else Cut(text, piece);
        }

        End(text);
    }

    /// <summary>Ends the pass: when the text goes on, only the last piece gets longer, unless a splitter knows better.</summary>
    protected virtual void End(PreTokenizedText text) => text.EndSplit();

    /// <summary>Adds the parts of one piece, in places of the whole text.</summary>
    protected abstract void Cut(PreTokenizedText text, Piece piece);
}
