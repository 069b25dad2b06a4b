using ColbertOnnx.Tokenization.Models;
using ColbertOnnx.Tokenization.Normalizers;

namespace ColbertOnnx.Tokenization;

/// <summary>Makes a tokenizer of the parsed file. Read in tokenizers' src/tokenizer/serialization.rs.</summary>
internal static class TokenizerReader
{
    public static Tokenizer Read(TokenizerNode root)
    {
        if (root.Find("version") is { } version && version.AsString() != "1.0")
            throw version.Unsupported($"'{version.AsString()}' is a version that is not known");
        Model model = Components.ReadModel(root.Get("model"));
        Normalizer? normalizer = root.Find("normalizer") is { } n ? Components.ReadNormalizer(n) : null;
        var tokenizer = new Tokenizer(
            model,
            normalizer,
            root.Find("pre_tokenizer") is { } pre ? Components.ReadPreTokenizer(pre) : null,
            root.Find("post_processor") is { } post ? Components.ReadPostProcessor(post) : null,
            ReadAddedTokens(root, model, normalizer))
        {
            Truncation = root.Find("truncation") is { } truncation ? TruncationBlock.Read(truncation) : null,
            Decoder = root.Find("decoder") is { } decoder
                ? new(() => Components.ReadDecoder(decoder), LazyThreadSafetyMode.PublicationOnly)
                : new(static () => null),
            Padding = root.Find("padding") is { } padding ? PaddingBlock.Read(padding) : null,
        };
        root.Finish();
        return tokenizer;
    }

    private static AddedVocabulary ReadAddedTokens(TokenizerNode root, Model model, Normalizer? normalizer)
    {
        try
        {
            return new AddedVocabulary(null, root.Find("added_tokens")?.ReadAddedTokens() ?? [], model, normalizer);
        }
        catch (ColbertException e) when (e.Target is null)
        {
            throw root.WithSource(e);
        }
    }
}
