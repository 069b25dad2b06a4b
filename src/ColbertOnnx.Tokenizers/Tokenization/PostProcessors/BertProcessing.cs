namespace ColbertOnnx.Tokenization.PostProcessors;

/// <summary>[CLS] text [SEP]. Read in src/processors/bert.rs.</summary>
internal sealed class BertProcessing(int cls, int sep) : PostProcessor
{
    public override int AddedTokens => 2;

    public static BertProcessing Read(TokenizerNode node) => new(ReadTokenId(node.Get("cls")), ReadTokenId(node.Get("sep")));

    public override List<List<TemplateItem>> Process(List<List<TemplateItem>> encodings, bool addSpecialTokens) =>
        addSpecialTokens ? Surround(encodings, cls, sep, nextType: 1) : encodings;
}
