using ColbertOnnx.Text;
using ColbertOnnx.Tokenization.Decoders;
using ColbertOnnx.Tokenization.Models;
using ColbertOnnx.Tokenization.Normalizers;
using ColbertOnnx.Tokenization.PostProcessors;
using ColbertOnnx.Tokenization.PreTokenizers;

namespace ColbertOnnx.Tokenization;

/// <summary>The parts of the format by the names that the format gives them. A new one is a new file and a line here.</summary>
internal static class Components
{
    private static readonly Dictionary<string, Func<TokenizerNode, Normalizer>> KnownNormalizers = new(StringComparer.Ordinal)
    {
        ["BertNormalizer"] = BertNormalizer.Read,
        ["Bert"] = BertNormalizer.Read,
        ["ByteLevel"] = static _ => new Normalizers.ByteLevel(),
        ["Lowercase"] = static _ => new Lowercase(),
        ["NFC"] = static _ => new UnicodeNormalizer(UnicodeForm.Nfc),
        ["NFD"] = static _ => new UnicodeNormalizer(UnicodeForm.Nfd),
        ["NFKC"] = static _ => new UnicodeNormalizer(UnicodeForm.Nfkc),
        ["NFKD"] = static _ => new UnicodeNormalizer(UnicodeForm.Nfkd),
        ["Nmt"] = static _ => new Nmt(),
        ["Precompiled"] = Precompiled.Read,
        ["Prepend"] = Prepend.Read,
        ["Replace"] = Normalizers.Replace.Read,
        ["Sequence"] = Normalizers.Sequence.Read,
        ["Strip"] = Normalizers.Strip.Read,
        ["StripAccents"] = static _ => new StripAccents(),
    };

    private static readonly Dictionary<string, Func<TokenizerNode, PreTokenizer>> KnownPreTokenizers = new(StringComparer.Ordinal)
    {
        ["BertPreTokenizer"] = static _ => new BertPreTokenizer(),
        ["ByteLevel"] = PreTokenizers.ByteLevel.Read,
        ["CharDelimiterSplit"] = CharDelimiterSplit.Read,
        ["Digits"] = Digits.Read,
        ["FixedLength"] = FixedLength.Read,
        ["Metaspace"] = PreTokenizers.Metaspace.Read,
        ["Punctuation"] = Punctuation.Read,
        ["Sequence"] = PreTokenizers.Sequence.Read,
        ["Split"] = Split.Read,
        ["UnicodeScripts"] = static _ => new UnicodeScripts(),
        ["Whitespace"] = static _ => new Whitespace(),
        ["WhitespaceSplit"] = static _ => new WhitespaceSplit(),
    };

    private static readonly Dictionary<string, Func<TokenizerNode, Model>> KnownModels = new(StringComparer.Ordinal)
    {
        ["BPE"] = Bpe.Read,
        ["Unigram"] = Unigram.Read,
        ["WordLevel"] = WordLevel.Read,
        ["WordPiece"] = Models.WordPiece.Read,
    };

    private static readonly Dictionary<string, Func<TokenizerNode, PostProcessor>> KnownPostProcessors = new(StringComparer.Ordinal)
    {
        ["BertProcessing"] = BertProcessing.Read,
        ["ByteLevel"] = PostProcessors.ByteLevel.Read,
        ["RobertaProcessing"] = RobertaProcessing.Read,
        ["Sequence"] = PostProcessors.Sequence.Read,
        ["TemplateProcessing"] = TemplateProcessing.Read,
    };

    private static readonly Dictionary<string, Func<TokenizerNode, Decoder>> KnownDecoders = new(StringComparer.Ordinal)
    {
        ["BPEDecoder"] = BpeDecoder.Read,
        ["ByteFallback"] = static _ => new ByteFallback(),
        ["ByteLevel"] = Decoders.ByteLevel.Read,
        ["CTC"] = Ctc.Read,
        ["Fuse"] = static _ => new Fuse(),
        ["Metaspace"] = Decoders.Metaspace.Read,
        ["Replace"] = Decoders.Replace.Read,
        ["Sequence"] = Decoders.Sequence.Read,
        ["Strip"] = Decoders.Strip.Read,
        ["WordPiece"] = Decoders.WordPiece.Read,
    };

    public static Normalizer ReadNormalizer(TokenizerNode node) => Read(node, KnownNormalizers, "normalizer");

    public static PreTokenizer ReadPreTokenizer(TokenizerNode node) => Read(node, KnownPreTokenizers, "pre-tokenizer");

    public static PostProcessor ReadPostProcessor(TokenizerNode node) => Read(node, KnownPostProcessors, "post-processor");

    public static Decoder ReadDecoder(TokenizerNode node) => Read(node, KnownDecoders, "decoder");

    /// <summary>Files of the first versions do not name the model's type; its fields do.</summary>
    public static Model ReadModel(TokenizerNode node) => Read(node, KnownModels, "model", Model.TypeOf(node));

    private static T Read<T>(TokenizerNode node, Dictionary<string, Func<TokenizerNode, T>> known, string kind, string? untyped = null)
    {
        TokenizerNode? type = node.Find("type");
        string name = type?.AsString() ?? untyped ?? throw node.Unsupported($"is a {kind} without a 'type'");
        if (!known.TryGetValue(name, out Func<TokenizerNode, T>? read))
            throw (type ?? node).Unsupported($"'{name}' is a {kind} that is not known");
        T component = read(node);
        node.Finish();
        return component;
    }
}
