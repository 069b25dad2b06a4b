namespace ColbertOnnx.Tokenization.PostProcessors;

/// <summary>Takes blanks off the offsets, then &lt;s&gt; text &lt;/s&gt;, every type id 0. Read in src/processors/roberta.rs.</summary>
internal sealed class RobertaProcessing(int cls, int sep, bool trimOffsets, bool addPrefixSpace) : PostProcessor
{
    public override int AddedTokens => 2;

    public static RobertaProcessing Read(TokenizerNode node) =>
        new(ReadTokenId(node.Get("cls")), ReadTokenId(node.Get("sep")), node.Bool("trim_offsets"), node.Bool("add_prefix_space"));

    public override List<List<TemplateItem>> Process(List<List<TemplateItem>> encodings, bool addSpecialTokens)
    {
        if (trimOffsets) encodings = Trim(encodings, addPrefixSpace);
        encodings = [.. encodings.Select(encoding => encoding.ConvertAll(item => item with { TypeId = 0 }))];
        return addSpecialTokens ? Surround(encodings, cls, sep, nextType: null) : encodings;
    }
}
