namespace ColbertOnnx.Tokenization.PreTokenizers;

/// <summary>Splits a normalized text into the words that the model sees one by one. Immutable.</summary>
internal abstract class PreTokenizer
{
    /// <summary>True when what it does depends on where in the given text a piece comes from.</summary>
    public virtual bool NeedsAlignment => false;

    public abstract void PreTokenize(PreTokenizedText text, Workspace workspace);
}
