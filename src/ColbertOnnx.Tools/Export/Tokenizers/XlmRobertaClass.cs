namespace ColbertOnnx.Export.Tokenizers;

/// <summary>XLMRobertaTokenizer. Of the file's normalizer it keeps the precompiled map and nothing else.</summary>
internal sealed class XlmRobertaClass : UnigramClass
{
    private const int UnknownId = 3; // fairseq's, whatever the file says

    public override string Name => "XLMRobertaTokenizer";

    public override IReadOnlyDictionary<string, string> Defaults => RobertaClass.Names;

    protected override void Build(TokenizerSource source, ClassOptions options)
    {
        source.Set("normalizer", source.FindPrecompiled());
        SetWords(source, options.Flag("add_prefix_space", true) ? "always" : "never", Part("WhitespaceSplit"));
        source.Set(
            "post_processor", Template(options, options.Token("bos_token"), options.Token("eos_token"), doubled: true, secondType: 0));
        SetUnigram(source, UnknownId);
    }
}
