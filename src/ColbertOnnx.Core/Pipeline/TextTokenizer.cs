using ColbertOnnx.Modeling;
using ColbertOnnx.Text;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Pipeline;

/// <summary>
/// Shows tokens to people: of a tokenizer alone (special tokens, no truncation, no padding), or the row that a model gets
/// for a query or a document. Holds scratch memory: one for each thread.
/// </summary>
internal sealed class TextTokenizer
{
    private readonly Tokenizer tokenizer;
    private readonly TextKind? kind;
    private readonly RowLayout? layout;
    private readonly string? prompt;
    private readonly TokenRow row = new();
    private readonly TokenBuffer buffer = new();

    public TextTokenizer(EncodingProfile profile, TextKind? kind, ColbertEncodeOptions? call = null)
    {
        prompt = TextArguments.PromptOf(profile.Settings, call?.PromptName, call?.Prompt);
        Warnings = profile.Warnings;
        tokenizer = profile.Tokenizer;
        this.kind = kind;
        layout = new RowLayout(profile);
    }

    private TextTokenizer(Tokenizer tokenizer) => this.tokenizer = tokenizer;

    /// <summary>What a user should know about the model's settings.</summary>
    public IReadOnlyList<string> Warnings { get; } = [];

    /// <summary>A model folder, or a tokenizer.json by itself.</summary>
    public static TextTokenizer Open(string? path, TextKind? kind, ColbertModelOptions? options = null, ColbertEncodeOptions? call = null)
    {
        if (!File.Exists(path)) return new TextTokenizer(ModelFolder.Open(path ?? EmbeddedModel.Find(), options ?? new()).CreateProfile(), kind, call);
        return kind is null
            ? new TextTokenizer(Tokenizer.Load(path))
            : throw new ColbertException(ColbertErrorId.InputInvalid, $"'{path}' alone does not say how queries and documents are laid out.", path, "Name the model folder, or ask for the tokenizer alone.");
    }

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: half of a surrogate pair.</exception>
    public ColbertToken Tokenize(string text, CancellationToken cancellation = default)
    {
        if (kind is { } laidOut)
        {
            layout!.Lay(text, laidOut, row, offsets: true, prompt, cancellation);
            return Token(text, row.Ids, row.Offsets, row.AttentionMask, row.IsTruncated);
        }

        LoneSurrogates.Refuse(text);
        tokenizer.Encode(text, buffer, new TokenizeOptions { Offsets = true, Cancellation = cancellation });
        Span<byte> ones = new byte[buffer.Count];
        ones.Fill(1);
        return Token(text, buffer.Ids, buffer.Offsets, ones, isTruncated: false);
    }

    private ColbertToken Token(string text, ReadOnlySpan<int> ids, ReadOnlySpan<(int Start, int End)> offsets, ReadOnlySpan<byte> mask, bool isTruncated) => new(text)
    {
        Ids = ids.ToArray(),
        Tokens = [.. ids.ToArray().Select(id => tokenizer.IdToToken(id) ?? "")],
        Offsets = offsets.ToArray(),
        AttentionMask = [.. mask.ToArray().Select(m => (int)m)],
        IsTruncated = isTruncated,
    };
}
