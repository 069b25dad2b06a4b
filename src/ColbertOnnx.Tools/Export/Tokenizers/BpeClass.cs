using System.Text.Json.Nodes;

namespace ColbertOnnx.Export.Tokenizers;

/// <summary>What the classes over byte-level BPE have in common.</summary>
internal abstract class BpeClass : TokenizerClass
{
    public override string ModelType => "BPE";

    protected override void Build(TokenizerSource source, ClassOptions options)
    {
        source.Set("decoder", ByteLevel(addPrefixSpace: true, useRegex: true));
        source.SetModel(new JsonObject
        {
            ["type"] = ModelType,
            ["dropout"] = null,
            ["unk_token"] = null,
            ["continuing_subword_prefix"] = "",
            ["end_of_word_suffix"] = "",
            ["fuse_unk"] = false,
            ["byte_fallback"] = false,
            ["ignore_merges"] = false,
            ["vocab"] = null,
            ["merges"] = null,
        });
    }
}
