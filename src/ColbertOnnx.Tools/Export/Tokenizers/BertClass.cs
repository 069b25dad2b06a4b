using System.Text.Json.Nodes;

namespace ColbertOnnx.Export.Tokenizers;

/// <summary>BertTokenizer, of BERT, DistilBERT and ELECTRA.</summary>
internal class BertClass : TokenizerClass
{
    public override string Name => "BertTokenizer";

    public override string ModelType => "WordPiece";

    public override IReadOnlyDictionary<string, string> Defaults { get; } = new Dictionary<string, string>
    {
        ["unk_token"] = "[UNK]",
        ["sep_token"] = "[SEP]",
        ["pad_token"] = "[PAD]",
        ["cls_token"] = "[CLS]",
        ["mask_token"] = "[MASK]",
    };

    /// <summary>Whether a pair has two separators between its texts.</summary>
    protected virtual bool DoublesSeparator => false;

    protected override void Build(TokenizerSource source, ClassOptions options)
    {
        source.Set("normalizer", new JsonObject
        {
            ["type"] = "BertNormalizer",
            ["clean_text"] = true,
            ["handle_chinese_chars"] = options.Flag("tokenize_chinese_chars", true),
            ["strip_accents"] = options.FlagOrNull("strip_accents"),
            ["lowercase"] = options.Flag("do_lower_case", true),
        });
        source.Set("pre_tokenizer", Part("BertPreTokenizer"));
        source.Set(
            "post_processor", Template(options, options.Token("cls_token"), options.Token("sep_token"), DoublesSeparator, secondType: 1));
        source.Set("decoder", new JsonObject { ["type"] = "WordPiece", ["prefix"] = "##", ["cleanup"] = true });
        source.SetModel(new JsonObject
        {
            ["type"] = ModelType,
            ["unk_token"] = options.Token("unk_token"),
            ["continuing_subword_prefix"] = "##",
            ["max_input_chars_per_word"] = 100,
            ["vocab"] = null,
        });
    }
}
