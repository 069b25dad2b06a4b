using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.PreTokenizers;

/// <summary>A pre-tokenizer that writes the characters of each piece anew while it cuts.</summary>
internal abstract class RewritingPreTokenizer : PreTokenizer
{
    public sealed override void PreTokenize(PreTokenizedText text, Workspace workspace)
    {
        text.BeginRewrite();
        ReadOnlySpan<Piece> pieces = text.Pieces;
        for (int i = 0, look = TextGuard.Stride; i < pieces.Length; i++)
        {
            if (i >= look) look = text.Guard.Look(i);
            text.Visit(i);
            Piece piece = pieces[i];
            if (piece.IsToken) text.Keep(piece);
            else Rewrite(text, piece, workspace);
        }

        End(text);
    }

    /// <summary>Ends the pass: when the text goes on, only the last piece gets longer, unless a rewriter knows better.</summary>
    protected virtual void End(PreTokenizedText text) => text.EndRewrite();

    /// <summary>Writes one piece, and adds what it is cut into.</summary>
    protected abstract void Rewrite(PreTokenizedText text, Piece piece, Workspace workspace);
}
