using ColbertOnnx.IO;
using ColbertOnnx.Tokenization.Decoders;
using ColbertOnnx.Tokenization.Models;
using ColbertOnnx.Tokenization.Normalizers;
using ColbertOnnx.Tokenization.PostProcessors;
using ColbertOnnx.Tokenization.PreTokenizers;

namespace ColbertOnnx.Tokenization;

/// <summary>A tokenizer.json, read whole. Safe to use from many threads at once.</summary>
/// <remarks>Ids and offsets are those of Hugging Face's tokenizers 0.23.</remarks>
public sealed partial class Tokenizer
{
    private readonly Model model;
    private readonly Normalizer? normalizer;
    private readonly PreTokenizer? preTokenizer;
    private readonly AddedVocabulary added;
    private readonly SequenceTemplate template, bareTemplate;
    private readonly bool isKept;

    internal Tokenizer(Model model, Normalizer? normalizer, PreTokenizer? preTokenizer, PostProcessor? postProcessor, AddedVocabulary added)
    {
        (this.model, this.normalizer, this.preTokenizer, this.added) = (model, normalizer, preTokenizer, added);
        isKept = model.IsWorthKeeping;
        template = new SequenceTemplate(postProcessor, addSpecialTokens: true);
        bareTemplate = new SequenceTemplate(postProcessor, addSpecialTokens: false);
    }

    private Tokenizer(Tokenizer other, AddedVocabulary added)
    {
        (model, normalizer, preTokenizer, this.added) = (other.model, other.normalizer, other.preTokenizer, added);
        (template, bareTemplate, isKept) = (other.template, other.bareTemplate, other.isKept);
        (Truncation, Padding, Decoder) = (other.Truncation, other.Padding, other.Decoder);
    }

    /// <summary>Reads a tokenizer.json.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.TokenizerInvalid"/>,
    /// <see cref="ColbertErrorId.TokenizerUnsupported"/>.</exception>
    public static Tokenizer Load(string path)
    {
        try
        {
            return Parse(RegularFile.Read(path, Limits.TokenizerFile) ?? throw TooLarge(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ColbertException(
                ColbertErrorId.TokenizerInvalid, $"'{path}' cannot be read: {e.Message}", path,
                "Give the path of a tokenizer.json that this account may read.", e);
        }
    }

    /// <summary>Reads a tokenizer.json to the end of the stream, which stays open.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.TokenizerInvalid"/>,
    /// <see cref="ColbertErrorId.TokenizerUnsupported"/>.</exception>
    public static Tokenizer Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        string source = stream is FileStream file ? file.Name : "tokenizer.json";
        using var bytes = new MemoryStream();
        byte[] part = new byte[1 << 16];
        for (int read; (read = stream.Read(part)) > 0;)
        {
            bytes.Write(part, 0, read);
            if (bytes.Length > Limits.TokenizerFile) throw TooLarge(source);
        }

        return Parse(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), source);
    }

    /// <summary>A tokenizer.json beyond the limit.</summary>
    internal static ColbertException TooLarge(string source) => new(
        ColbertErrorId.TokenizerUnsupported,
        FormattableString.Invariant(
            $"'{source}' is larger than {Limits.TokenizerFile >> 20} MB (the limit {nameof(Limits.TokenizerFile)})."),
        source, "Look at what the file holds.");

    /// <summary>Reads the text of a tokenizer.json; <paramref name="source"/> names it in errors.</summary>
    public static Tokenizer Parse(ReadOnlyMemory<byte> utf8Json, string source) =>
        TokenizerReader.Read(TokenizerNode.Parse(utf8Json, source));

    /// <summary>One line for people.</summary>
    public override string ToString() => $"{model.GetType().Name}, {ShownText.Count(model.VocabularySize, "token")}";

    /// <summary>Special tokens that the template puts around one text.</summary>
    public int SpecialTokenCount => template.AddedTokens;

    /// <summary>Ids that the template puts around one text; nothing says that they are tokens.</summary>
    internal IEnumerable<int> TemplateIds => template.Items.Where(item => !item.IsText).Select(item => item.Id);

    /// <summary>The file's own truncation and padding sides (Right when it has none); nothing else of those blocks is obeyed.</summary>
    public TokenSide TruncationSide => Truncation?.Side ?? TokenSide.Right;

    /// <summary>Where padding goes, as tokenizer.json says; Right where it says nothing.</summary>
    public TokenSide PaddingSide => Padding?.Side ?? TokenSide.Right;

    /// <summary>The file's own block, which is not obeyed; null when it has none.</summary>
    internal TruncationBlock? Truncation { get; init; }

    internal PaddingBlock? Padding { get; init; }

    /// <summary>
    /// Null when the file has none. Read when it is needed first: a decoder that is not known is no reason to refuse to encode.
    /// </summary>
    internal Lazy<Decoder?> Decoder { get; init; } = new(static () => null);

    /// <summary>The id of a piece or an added token, matched as it is; null when there is none.</summary>
    public int? TokenToId(string token) => added.TryGetId(token, model, out int id) ? id : null;

    /// <summary>The piece of the vocabulary of an id; null: there is none.</summary>
    public string? IdToToken(int id) =>
        added.TryGetToken(id, out string? token) ? token : model.TryGetToken(id, out ReadOnlySpan<char> piece) ? piece.ToString() : null;

    /// <summary>The tokens whose ids are <paramref name="first"/> or more, added ones too, in the order of their ids.</summary>
    internal IReadOnlyList<(int Id, string Text)> TokensFrom(int first) =>
    [
        .. Enumerable.Range(first, Math.Max(0, model.IdLimit - first)).Where(id => model.TryGetToken(id, out _))
            .Concat(added.Ids.Where(id => id >= first))
            .Distinct().Order().Select(id => (id, IdToToken(id)!)),
    ];

    /// <summary>The id that the model gives to what it does not know; null when it has none.</summary>
    public int? UnknownTokenId => model.UnknownId < 0 ? null : model.UnknownId;

    /// <summary>
    /// A copy of this tokenizer that knows more added tokens (not special, no flags, normalized), as PyLate adds its prefixes.
    /// </summary>
    public Tokenizer WithAddedTokens(params IEnumerable<string> tokens) =>
        new(this, new AddedVocabulary(added, tokens.Select(token => new AddedToken(token)), model, normalizer));
}
