using System.Text.Json.Nodes;

namespace ColbertOnnx.Export.Tokenizers;

/// <summary>AlbertTokenizer. The post-processor is the file's, if it has one.</summary>
internal sealed class AlbertClass : UnigramClass
{
    private const int UnknownId = 1;

    public override string Name => "AlbertTokenizer";

    public override IReadOnlyDictionary<string, string> Defaults { get; } = new Dictionary<string, string>
    {
        ["bos_token"] = "[CLS]",
        ["eos_token"] = "[SEP]",
        ["unk_token"] = "<unk>",
        ["sep_token"] = "[SEP]",
        ["pad_token"] = "<pad>",
        ["cls_token"] = "[CLS]",
        ["mask_token"] = "[MASK]",
    };

    protected override void Build(TokenizerSource source, ClassOptions options)
    {
        // keep_accents and do_lower_case add the same steps a second time: they change nothing, but that is what the class holds.
        List<JsonNode> steps =
        [
            Replace("String", "``", "\""), Replace("String", "''", "\""), Part("NFKD"), Part("StripAccents"), Part("Lowercase"),
            Replace("Regex", " {2,}", " "),
        ];
        if (!options.Flag("keep_accents", false)) steps.AddRange([Part("NFKD"), Part("StripAccents")]);
        if (options.Flag("do_lower_case", true)) steps.Add(Part("Lowercase"));
        steps.Add(Replace("Regex", " {2,}", " "));
        source.Set("normalizer", Sequence("normalizers", [.. steps]));
        SetWords(source, options.Flag("add_prefix_space", true) ? "always" : "never", Part("WhitespaceSplit"));
        if (!source.Has("post_processor"))
            source.Set(
                "post_processor", Template(options, options.Token("cls_token"), options.Token("sep_token"), doubled: false, secondType: 1));
        SetUnigram(source, UnknownId);
    }
}
