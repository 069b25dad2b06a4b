namespace ColbertOnnx.Tokenization.PreTokenizers;

/// <summary>A pre-tokenizer that leaves the characters alone and only cuts.</summary>
internal abstract class SplittingPreTokenizer : PreTokenizer
{
    public sealed override void PreTokenize(PreTokenizedText text, Workspace workspace)
    {
        text.BeginSplit();
        foreach (Piece piece in text.Pieces)
        {
            if (piece.IsToken) text.Add(piece);
            else Cut(text, piece);
        }

        text.EndSplit();
    }

    /// <summary>Adds the parts of one piece, in places of the whole text.</summary>
    protected abstract void Cut(PreTokenizedText text, Piece piece);
}
