namespace ColbertOnnx.Tokenization.PreTokenizers;

/// <summary>One after the other, each over the pieces of the one before. Read in src/pre_tokenizers/sequence.rs.</summary>
internal sealed class Sequence(PreTokenizer[] preTokenizers) : PreTokenizer
{
    public IReadOnlyList<PreTokenizer> PreTokenizers => preTokenizers;

    public override bool NeedsAlignment => preTokenizers.Any(preTokenizer => preTokenizer.NeedsAlignment);

    public static Sequence Read(TokenizerNode node) => new([.. node.Get("pretokenizers").Items.Select(Components.ReadPreTokenizer)]);

    public override void PreTokenize(PreTokenizedText text, Workspace workspace)
    {
        foreach (PreTokenizer preTokenizer in preTokenizers)
            preTokenizer.PreTokenize(text, workspace);
    }
}
