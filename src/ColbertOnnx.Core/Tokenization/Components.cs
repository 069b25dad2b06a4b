using ColbertOnnx.Tokenization.Models;
using ColbertOnnx.Tokenization.Normalizers;
using ColbertOnnx.Tokenization.PostProcessors;
using ColbertOnnx.Tokenization.PreTokenizers;

namespace ColbertOnnx.Tokenization;

/// <summary>The parts of the format by the names that the format gives them. A new one is a new file and a line here.</summary>
internal static class Components
{
    private static readonly Dictionary<string, Func<TokenizerNode, Normalizer>> Normalizers = new(StringComparer.Ordinal)
    {
        ["BertNormalizer"] = BertNormalizer.Read,
        ["Bert"] = BertNormalizer.Read,
    };

    private static readonly Dictionary<string, Func<TokenizerNode, PreTokenizer>> PreTokenizers = new(StringComparer.Ordinal)
    {
        ["BertPreTokenizer"] = static _ => new BertPreTokenizer(),
    };

    private static readonly Dictionary<string, Func<TokenizerNode, Model>> Models = new(StringComparer.Ordinal)
    {
        ["WordPiece"] = WordPiece.Read,
    };

    private static readonly Dictionary<string, Func<TokenizerNode, PostProcessor>> PostProcessors = new(StringComparer.Ordinal)
    {
        ["TemplateProcessing"] = TemplateProcessing.Read,
        ["BertProcessing"] = BertProcessing.Read,
    };

    public static Normalizer ReadNormalizer(TokenizerNode node) => Read(node, Normalizers, "normalizer");

    public static PreTokenizer ReadPreTokenizer(TokenizerNode node) => Read(node, PreTokenizers, "pre-tokenizer");

    public static PostProcessor ReadPostProcessor(TokenizerNode node) => Read(node, PostProcessors, "post-processor");

    /// <summary>Files of the first versions do not name the model's type; its fields do.</summary>
    public static Model ReadModel(TokenizerNode node) => Read(node, Models, "model", Model.TypeOf(node));

    private static T Read<T>(TokenizerNode node, Dictionary<string, Func<TokenizerNode, T>> known, string kind, string? untyped = null)
    {
        TokenizerNode? type = node.Find("type");
        string name = type?.AsString() ?? untyped ?? throw node.Invalid("lacks 'type'");
        if (!known.TryGetValue(name, out Func<TokenizerNode, T>? read)) throw (type ?? node).Unsupported($"'{name}' is a {kind} that is not known");
        T component = read(node);
        node.Finish();
        return component;
    }
}
