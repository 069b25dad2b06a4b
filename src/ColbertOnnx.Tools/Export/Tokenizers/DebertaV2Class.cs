using System.Text.Json.Nodes;

namespace ColbertOnnx.Export.Tokenizers;

/// <summary>DebertaV2Tokenizer, of DeBERTa-v2 and v3. It drops the precompiled map; the post-processor is the file's.</summary>
internal sealed class DebertaV2Class : UnigramClass
{
    public override string Name => "DebertaV2Tokenizer";

    public override IReadOnlyDictionary<string, string> Defaults { get; } = new Dictionary<string, string>
    {
        ["bos_token"] = "[CLS]",
        ["eos_token"] = "[SEP]",
        ["unk_token"] = "[UNK]",
        ["sep_token"] = "[SEP]",
        ["pad_token"] = "[PAD]",
        ["cls_token"] = "[CLS]",
        ["mask_token"] = "[MASK]",
    };

    protected override void Build(TokenizerSource source, ClassOptions options)
    {
        List<JsonNode> steps =
        [
            Replace("Regex", @"\s{2,}|[\n\r\t]", " "), Part("NFC"),
            new JsonObject { ["type"] = "Strip", ["strip_left"] = false, ["strip_right"] = true },
        ];
        if (options.Flag("do_lower_case", false)) steps.Insert(0, Part("Lowercase"));
        source.Set("normalizer", Sequence("normalizers", [.. steps]));
        JsonNode[] punctuation = options.Flag("split_by_punct", false)
            ? [new JsonObject { ["type"] = "Punctuation", ["behavior"] = "Isolated" }]
            : [];
        SetWords(source, options.Flag("add_prefix_space", true) ? "always" : "first", punctuation);
        SetUnigram(source, options.UnscoredPiece(options.Token("unk_token")) ?? options.Number("unk_id", 1));
    }
}
