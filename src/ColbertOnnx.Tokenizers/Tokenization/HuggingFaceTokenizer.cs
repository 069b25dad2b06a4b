using System.Buffers;
using Microsoft.ML.Tokenizers;

namespace ColbertOnnx.Tokenization;

/// <summary>
/// A tokenizer.json as the <see cref="Microsoft.ML.Tokenizers.Tokenizer"/> that other .NET code takes: the ids, offsets and texts of
/// Hugging Face's tokenizers. Safe to use from many threads at once.
/// </summary>
/// <remarks>Offsets and indices are of the given text, never of a normalized one: no member gives a normalized text.</remarks>
public sealed partial class HuggingFaceTokenizer : Microsoft.ML.Tokenizers.Tokenizer
{
    private const int LargestKept = 1 << 20;

    [ThreadStatic]
    private static TokenBuffer? idle;

    private readonly Tokenizer inner;

    private HuggingFaceTokenizer(Tokenizer inner)
    {
        this.inner = inner;
        _ = inner.Decoder.Value;
    }

    /// <summary>Put the special tokens of the file's template around each text; limits count them.</summary>
    public bool AddSpecialTokens { get; init; } = true;

    /// <summary>Leave special tokens out when ids are decoded.</summary>
    public bool SkipSpecialTokens { get; init; } = true;

    /// <summary>Reads a tokenizer.json.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.TokenizerInvalid"/>,
    /// <see cref="ColbertErrorId.TokenizerUnsupported"/>.</exception>
    public static HuggingFaceTokenizer Create(string path, bool addSpecialTokens = true, bool skipSpecialTokens = true) =>
        new(Tokenizer.Load(path)) { AddSpecialTokens = addSpecialTokens, SkipSpecialTokens = skipSpecialTokens };

    /// <summary>Reads a tokenizer.json to the end of the stream, which stays open.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.TokenizerInvalid"/>,
    /// <see cref="ColbertErrorId.TokenizerUnsupported"/>.</exception>
    public static HuggingFaceTokenizer Create(Stream stream, bool addSpecialTokens = true, bool skipSpecialTokens = true) =>
        new(Tokenizer.Load(stream)) { AddSpecialTokens = addSpecialTokens, SkipSpecialTokens = skipSpecialTokens };

    /// <summary>The id of a token as it is spelled in the file; null when there is none.</summary>
    public int? TokenToId(string token) => inner.TokenToId(token);

    /// <summary>The piece of the vocabulary of an id; null: there is none.</summary>
    public string? IdToToken(int id) => inner.IdToToken(id);

    /// <summary>One line for people.</summary>
    public override string ToString() => inner.ToString();

    /// <summary>The text of ids, with or without special tokens. Ids that are not known are left out.</summary>
    public string Decode(IEnumerable<int> ids, bool skipSpecialTokens) => inner.Decode(ids, skipSpecialTokens);

    /// <inheritdoc/>
    public override string Decode(IEnumerable<int> ids) => inner.Decode(ids, SkipSpecialTokens);

    /// <summary>Decodes as many ids from the first on as there is room for their text.</summary>
    public override OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten)
    {
        int[] all = [.. ids];
        string text = inner.Decode(all, SkipSpecialTokens);
        OperationStatus status = text.Length <= destination.Length ? OperationStatus.Done : OperationStatus.DestinationTooSmall;
        (int consumed, int most) = (all.Length, all.Length);
        if (status != OperationStatus.Done)
        {
            // Fewer ids give a shorter text, nearly always: what comes out is checked.
            consumed = 0;
            for (int low = 0, high = most; low < high;)
            {
                int middle = low + ((high - low) / 2);
                string part = inner.Decode(all.Take(middle), SkipSpecialTokens);
                if (part.Length <= destination.Length)
                {
                    if (text.StartsWith(part, StringComparison.Ordinal)) consumed = Math.Max(consumed, middle);
                    low = middle + 1;
                }
                else
                {
                    high = middle;
                }
            }

            text = inner.Decode(all.Take(consumed), SkipSpecialTokens);
        }

        text.CopyTo(destination);
        (idsConsumed, charsWritten) = (consumed, text.Length);
        return status;
    }

    /// <inheritdoc/>
    protected override EncodeResults<int> EncodeToIds(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        ReadOnlySpan<char> given = text ?? textSpan;
        TokenBuffer buffer = Encode(given, settings, offsets: false);
        int consumed = buffer.IsTruncated ? Covered(given, settings) : given.Length;
        return Return(buffer, new EncodeResults<int> { Tokens = buffer.Ids.ToArray(), CharsConsumed = consumed });
    }

    /// <inheritdoc/>
    protected override EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        ReadOnlySpan<char> given = text ?? textSpan;
        TokenBuffer buffer = Encode(given, settings, offsets: true);
        var tokens = new EncodedToken[buffer.Count];
        for (int i = 0; i < tokens.Length; i++)
        {
            (int start, int end) = buffer.Offsets[i];
            tokens[i] = new EncodedToken(buffer.Ids[i], inner.IdToToken(buffer.Ids[i]) ?? "", start..end);
        }

        int consumed = buffer.IsTruncated ? Covered(given, settings) : given.Length;
        return Return(buffer, new EncodeResults<EncodedToken> { Tokens = tokens, CharsConsumed = consumed });
    }

    /// <inheritdoc/>
    protected override int CountTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        TokenBuffer buffer = Encode(text ?? textSpan, settings, offsets: false);
        return Return(buffer, buffer.Count);
    }

    /// <summary>
    /// The longest beginning (or end) of the text that has no more tokens than the limit. It is cut between tokens of the whole text, never
    /// inside a character, and encoded by itself it has exactly <paramref name="tokenCount"/> tokens.
    /// </summary>
    protected override int GetIndexByTokenCount(
        string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings, bool fromEnd, out string? normalizedText, out int tokenCount)
    {
        normalizedText = null;
        ReadOnlySpan<char> given = text ?? textSpan;
        return fromEnd ? FindEnd(given, settings, out tokenCount) : FindBeginning(given, settings, out tokenCount);
    }

    private TokenBuffer Encode(ReadOnlySpan<char> text, EncodeSettings settings, bool offsets)
    {
        TokenBuffer buffer = idle ?? new TokenBuffer();
        idle = null;
        // Where not even the special tokens have room, nothing has.
        if (AddSpecialTokens && settings.MaxTokenCount < inner.SpecialTokenCount)
        {
            buffer.Clear();
            buffer.IsTruncated = true;
            return buffer;
        }

        inner.Encode(text, buffer, OptionsOf(settings) with { Offsets = offsets });
        return buffer;
    }

    private TokenizeOptions OptionsOf(EncodeSettings settings) => new()
    {
        AddSpecialTokens = AddSpecialTokens,
        MaxLength = settings.MaxTokenCount,
        SkipNormalizer = !settings.ConsiderNormalization,
        SkipPreTokenizer = !settings.ConsiderPreTokenization,
    };

    private static T Return<T>(TokenBuffer buffer, T result)
    {
        if (buffer.Count <= LargestKept) idle = buffer;
        return result;
    }
}
