using ColbertOnnx.Modeling;
using ColbertOnnx.Pipeline;
using ColbertOnnx.Text;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx;

/// <summary>
/// Shows tokens to people: of a tokenizer alone (special tokens, no truncation, no padding), or the sequence that a model gets
/// for a query or a document. Holds scratch memory: one for each thread.
/// </summary>
public sealed class ColbertTokenizer
{
    private readonly Tokenizer tokenizer;
    private readonly TextKind? kind;
    private readonly InputBuilder? builder;
    private readonly string? prompt;
    private readonly ModelInput input = new();
    private readonly TokenBuffer buffer = new();

    /// <summary>The tokenizer of an open model.</summary>
    /// <param name="model">The model; it may be closed afterwards.</param>
    /// <param name="kind">The sequence that it gets for such texts; null: the tokenizer alone.</param>
    /// <param name="call">Prompts of a call, which the sequence has in front.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: the model has no such prompt.</exception>
    public ColbertTokenizer(ColbertModel model, TextKind? kind = null, ColbertEncodeOptions? call = null)
        : this(model.Resolved, kind, call)
    {
    }

    internal ColbertTokenizer(ResolvedSettings resolved, TextKind? kind, ColbertEncodeOptions? call = null)
    {
        prompt = TextArguments.PromptOf(resolved.Settings, call?.PromptName, call?.Prompt);
        Warnings = resolved.Warnings;
        tokenizer = resolved.Tokenizer;
        this.kind = kind;
        builder = new InputBuilder(resolved);
    }

    private ColbertTokenizer(Tokenizer tokenizer) => this.tokenizer = tokenizer;

    /// <summary>What a user should know about the model's settings.</summary>
    public IReadOnlyList<string> Warnings { get; } = [];

    /// <summary>The tokenizer of a model folder, or a tokenizer.json by itself. Reads no weights.</summary>
    /// <param name="path">The folder or file; null: the embedded model.</param>
    /// <param name="kind">The sequence that the model gets for such texts; null: the tokenizer alone.</param>
    /// <param name="options">As the model would be opened with: lengths, prefixes, prompts.</param>
    /// <param name="call">Prompts of a call, which the sequence has in front.</param>
    /// <exception cref="ColbertException">
    /// Of the folder or the file; <see cref="ColbertErrorId.InputInvalid"/>: an option, or a <paramref name="kind"/> where there is only a
    /// tokenizer.json.
    /// </exception>
    public static ColbertTokenizer Open(
        string? path = null, TextKind? kind = null, ColbertModelOptions? options = null, ColbertEncodeOptions? call = null)
    {
        if (!File.Exists(path))
            return new ColbertTokenizer(ModelFolder.Open(path ?? EmbeddedModel.Find(), options ?? new()).Resolve(), kind, call);
        return kind is null
            ? new ColbertTokenizer(Tokenizer.Load(path))
            : throw new ColbertException(
                ColbertErrorId.InputInvalid, $"'{path}' alone does not say how queries and documents are laid out.", path,
                "Name the model folder, or ask for the tokenizer alone.");
    }

    /// <summary>Ids, pieces and offsets of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cancellation">Ends it: texts may be long.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: half of a surrogate pair.</exception>
    public ColbertTokenization Tokenize(string text, CancellationToken cancellation = default)
    {
        if (kind is { } laidOut)
        {
            builder!.Build(text, laidOut, withOffsets: true, input, prompt, cancellation);
            return Token(text, input.Ids, input.Offsets, input.AttentionMask, input.IsTruncated);
        }

        LoneSurrogates.Refuse(text);
        tokenizer.Encode(text, buffer, new TokenizeOptions { Offsets = true, Cancellation = cancellation });
        Span<byte> ones = new byte[buffer.Count];
        ones.Fill(1);
        return Token(text, buffer.Ids, buffer.Offsets, ones, isTruncated: false);
    }

    /// <summary>What it shows.</summary>
    public override string ToString() => kind is null ? "the tokenizer alone" : $"the model's sequences for texts of the kind {kind}";

    private ColbertTokenization Token(
        string text, ReadOnlySpan<int> ids, ReadOnlySpan<(int Start, int End)> offsets, ReadOnlySpan<byte> mask,
        bool isTruncated) => new(text)
        {
            Ids = ids.ToArray(),
            Tokens = [.. ids.ToArray().Select(id => tokenizer.IdToToken(id) ?? "")],
            Offsets = offsets.ToArray(),
            AttentionMask = [.. mask.ToArray().Select(m => (int)m)],
            IsTruncated = isTruncated,
        };
}
