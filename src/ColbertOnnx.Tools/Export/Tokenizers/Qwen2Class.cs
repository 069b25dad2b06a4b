using System.Text.Json.Nodes;

namespace ColbertOnnx.Export.Tokenizers;

/// <summary>Qwen2Tokenizer, of Qwen2 and Qwen3. The post-processor is the file's.</summary>
internal sealed class Qwen2Class : BpeClass
{
    // Published with the models: contractions, words with one leading symbol, single digits, runs of symbols, line ends, blanks.
    private const string Words =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    public override string Name => "Qwen2Tokenizer";

    public override IReadOnlyDictionary<string, string> Defaults { get; } = new Dictionary<string, string>
    {
        ["eos_token"] = "<|endoftext|>",
        ["unk_token"] = "<|endoftext|>",
        ["pad_token"] = "<|endoftext|>",
    };

    protected override void Build(TokenizerSource source, ClassOptions options)
    {
        base.Build(source, options);
        source.Set("normalizer", Part("NFC"));
        var split = new JsonObject
        {
            ["type"] = "Split",
            ["pattern"] = new JsonObject { ["Regex"] = Words },
            ["behavior"] = "Isolated",
            ["invert"] = false,
        };
        source.Set("pre_tokenizer", Sequence("pretokenizers", split, ByteLevel(options.Flag("add_prefix_space", false), useRegex: false)));
    }
}
