namespace ColbertOnnx.Tokenization.PostProcessors;

/// <summary>What stands around a text's tokens, worked out from the post-processor.</summary>
internal sealed class SequenceTemplate
{
    public SequenceTemplate(PostProcessor? processor, bool addSpecialTokens)
    {
        List<List<TemplateItem>> encodings = [[TemplateItem.Text]];
        if (processor is not null) encodings = processor.Process(encodings, addSpecialTokens);
        Items = [.. encodings.SelectMany(encoding => encoding)];
        AddedTokens = addSpecialTokens && processor is not null ? processor.AddedTokens : 0;
    }

    public TemplateItem[] Items { get; }

    /// <summary>What truncation leaves room for.</summary>
    public int AddedTokens { get; }
}
