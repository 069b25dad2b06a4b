namespace ColbertOnnx.Tokenization.PostProcessors;

/// <summary>One after the other. Read in src/processors/sequence.rs.</summary>
internal sealed class Sequence(TokenizerNode node, PostProcessor[] processors) : PostProcessor
{
    public override int AddedTokens => (int)Math.Min(int.MaxValue, processors.Sum(processor => (long)processor.AddedTokens));

    public static Sequence Read(TokenizerNode node) => new(node, [.. node.Get("processors").Items.Select(Components.ReadPostProcessor)]);

    public override List<List<TemplateItem>> Process(List<List<TemplateItem>> encodings, bool addSpecialTokens)
    {
        foreach (PostProcessor processor in processors)
        {
            encodings = processor.Process(encodings, addSpecialTokens);
            if (encodings.Sum(encoding => (long)encoding.Count) > Limits.TemplateTokens)
                throw node.Unsupported(
                    FormattableString.Invariant(
                        $"makes more than {Limits.TemplateTokens:N0} tokens around a text (the limit {nameof(Limits.TemplateTokens)})"));
        }

        return encodings;
    }
}
