namespace ColbertOnnx.Export.Tokenizers;

/// <summary>MPNetTokenizer: BERT's with RoBERTa's names.</summary>
internal sealed class MpnetClass : BertClass
{
    public override string Name => "MPNetTokenizer";

    public override IReadOnlyDictionary<string, string> Defaults { get; } = new Dictionary<string, string>(RobertaClass.Names)
    {
        ["unk_token"] = "[UNK]",
    };

    public override bool MaskStripsLeft => true;

    protected override bool DoublesSeparator => true;
}
