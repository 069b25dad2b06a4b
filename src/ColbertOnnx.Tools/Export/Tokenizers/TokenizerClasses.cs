using ColbertOnnx.Modeling;

namespace ColbertOnnx.Export.Tokenizers;

/// <summary>Which class of transformers 5.3 reads a checkpoint's tokenizer.</summary>
internal static class TokenizerClasses
{
    // The classes of transformers that take the file as it is.
    private static readonly string[] Plain = ["PreTrainedTokenizerFast", "PreTrainedTokenizer", "TokenizersBackend"];

    private static readonly TokenizerClass[] Known =
    [
        new BertClass(), new MpnetClass(), new RobertaClass(), new XlmRobertaClass(), new AlbertClass(), new DebertaV2Class(),
        new Qwen2Class(),
    ];

    /// <summary>The class that a model type has of its own; ModernBERT, EuroBERT and LFM2 have none.</summary>
    private static readonly Dictionary<string, string> Own = new(StringComparer.Ordinal)
    {
        ["albert"] = "AlbertTokenizer",
        ["bert"] = "BertTokenizer",
        ["big_bird"] = "BigBirdTokenizer",
        ["camembert"] = "CamembertTokenizer",
        ["convbert"] = "BertTokenizer",
        ["data2vec-text"] = "RobertaTokenizer",
        ["deberta"] = "DebertaTokenizer",
        ["deberta-v2"] = "DebertaV2Tokenizer",
        ["distilbert"] = "BertTokenizer",
        ["electra"] = "BertTokenizer",
        ["ernie"] = "BertTokenizer",
        ["ibert"] = "RobertaTokenizer",
        ["longformer"] = "RobertaTokenizer",
        ["megatron-bert"] = "BertTokenizer",
        ["mobilebert"] = "MobileBertTokenizer",
        ["mpnet"] = "MPNetTokenizer",
        ["nystromformer"] = "AlbertTokenizer",
        ["qwen2"] = "Qwen2Tokenizer",
        ["qwen3"] = "Qwen2Tokenizer",
        ["roberta"] = "RobertaTokenizer",
        ["roberta-prelayernorm"] = "RobertaTokenizer",
        ["roformer"] = "RoFormerTokenizer",
        ["squeezebert"] = "BertTokenizer",
        ["xlm-roberta"] = "XLMRobertaTokenizer",
        ["xlm-roberta-xl"] = "XLMRobertaTokenizer",
        ["xmod"] = "XLMRobertaTokenizer",
        ["yoso"] = "AlbertTokenizer",
    };

    /// <summary>
    /// The class that builds the tokenizer anew; null: the file holds as it is, since tokenizer_config.json names another class than the
    /// model type's own. Where it names none, config.json does, and where that names none either, it is the own class.
    /// </summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.TokenizerUnsupported"/>: a class that is not known.</exception>
    public static TokenizerClass? Find(string folder, string modelType, SettingsFile? tokenizerConfig)
    {
        Own.TryGetValue(modelType, out string? own);
        string? name = tokenizerConfig?.Text("tokenizer_class") is { } named
            ? WithoutFast(named) == own ? own : null
            : SettingsFile.Read(folder, "config.json")?.Text("tokenizer_class") is { } other ? (Plain.Contains(other)
                ? null
                : WithoutFast(other)) : own;
        if (name is null) return null;
        return Known.FirstOrDefault(known => known.Name == name) ?? throw new ColbertException(
            ColbertErrorId.TokenizerUnsupported,
            $"The tokenizer class {name} of '{folder}' builds its own normalizer and pre-tokenizer, and what they are is not known here.",
            Path.Combine(folder, "tokenizer_config.json"),
            "Set tokenizer_class to PreTrainedTokenizerFast if tokenizer.json holds as it is.");
    }

    private static string WithoutFast(string name) => name.Replace("Fast", "", StringComparison.Ordinal);
}
