namespace ColbertOnnx.Tokenization.PostProcessors;

/// <summary>One after the other. Read in src/processors/sequence.rs.</summary>
internal sealed class Sequence(PostProcessor[] processors) : PostProcessor
{
    public override int AddedTokens => processors.Sum(processor => processor.AddedTokens);

    public static Sequence Read(TokenizerNode node) => new([.. node.Get("processors").Items.Select(Components.ReadPostProcessor)]);

    public override List<List<RowItem>> Process(List<List<RowItem>> encodings, bool addSpecialTokens)
    {
        foreach (PostProcessor processor in processors)
            encodings = processor.Process(encodings, addSpecialTokens);
        return encodings;
    }
}
