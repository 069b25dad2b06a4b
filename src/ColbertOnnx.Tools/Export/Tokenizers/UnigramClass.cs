using System.Text.Json.Nodes;

namespace ColbertOnnx.Export.Tokenizers;

/// <summary>What the classes over SentencePiece's Unigram have in common.</summary>
internal abstract class UnigramClass : TokenizerClass
{
    public override string ModelType => "Unigram";

    protected static void SetUnigram(TokenizerSource source, int unknownId) =>
        source.SetModel(new JsonObject { ["type"] = "Unigram", ["unk_id"] = unknownId, ["vocab"] = null, ["byte_fallback"] = false });

    /// <summary>The blank in front of words, in the pre-tokenizer and the decoder alike.</summary>
    protected static void SetWords(TokenizerSource source, string prependScheme, params JsonNode[] before)
    {
        source.Set("pre_tokenizer", Sequence("pretokenizers", [.. before, Metaspace(prependScheme)]));
        source.Set("decoder", Metaspace(prependScheme));
    }
}
