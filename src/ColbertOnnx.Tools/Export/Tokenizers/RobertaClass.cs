using System.Text.Json.Nodes;

namespace ColbertOnnx.Export.Tokenizers;

/// <summary>RobertaTokenizer.</summary>
internal sealed class RobertaClass : BpeClass
{
    /// <summary>The special tokens of fairseq's models.</summary>
    public static readonly Dictionary<string, string> Names = new()
    {
        ["bos_token"] = "<s>",
        ["eos_token"] = "</s>",
        ["unk_token"] = "<unk>",
        ["sep_token"] = "</s>",
        ["pad_token"] = "<pad>",
        ["cls_token"] = "<s>",
        ["mask_token"] = "<mask>",
    };

    public override string Name => "RobertaTokenizer";

    public override IReadOnlyDictionary<string, string> Defaults => Names;

    protected override void Build(TokenizerSource source, ClassOptions options)
    {
        base.Build(source, options);
        bool addPrefixSpace = options.Flag("add_prefix_space", false);
        source.Set("normalizer", null);
        source.Set("pre_tokenizer", ByteLevel(addPrefixSpace, useRegex: true));
        source.Set("post_processor", new JsonObject
        {
            ["type"] = "RobertaProcessing",
            ["sep"] = Pair(options.Token("sep_token")),
            ["cls"] = Pair(options.Token("cls_token")),
            ["trim_offsets"] = options.Flag("trim_offsets", true),
            ["add_prefix_space"] = addPrefixSpace,
        });

        JsonArray Pair(string token) => new(token, options.IdOf(token));
    }
}
