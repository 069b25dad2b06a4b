using ColbertOnnx.Modeling;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Pipeline;

/// <summary>docs/semantics.md, rules 1 to 11: from a text to what the model gets. Holds scratch memory: one for each lane.</summary>
internal sealed class InputBuilder(ResolvedSettings resolved) : IInputBuilder
{
    private readonly TokenBuffer tokens = new();
    private readonly TextPreparation query = PreparationOf(resolved, TextKind.Query);
    private readonly TextPreparation document = PreparationOf(resolved, TextKind.Document);

    public int PadId => resolved.PadTokenId;

    /// <summary>
    /// Lengths below the number of special tokens do not truncate (docs/semantics.md, rule 5), so the most may be exceeded by a few.
    /// </summary>
    public SequenceLimits Limits(TextKind kind) =>
        new(resolved.LengthOf(kind), resolved.ExpansionOf(kind) == QueryExpansion.On ? resolved.ExpansionLength : null);

    public string TokenOf(int id) => resolved.Tokenizer.IdToToken(id) ?? "";

    public void Build(
        ReadOnlySpan<char> text, TextKind kind, bool withOffsets, ModelInput input, string? prompt = null,
        CancellationToken cancellation = default)
    {
        TextPreparation preparation = kind == TextKind.Query ? query : document;
        ReadOnlySpan<char> prepared = preparation.Prepare(text, prompt);
        resolved.Tokenizer.Encode(prepared, tokens, new TokenizeOptions
        {
            MaxLength = ContentLimit(resolved, kind),
            TruncationSide = resolved.TruncationSide,
            Offsets = withOffsets,
            Cancellation = cancellation,
        });

        Arrange(resolved, kind, tokens.Ids, input, withOffsets);
        input.IsTruncated = tokens.IsTruncated;
        TokenMask.Select(resolved, kind, input);
        if (withOffsets) CarryOffsets(kind, input, preparation);
    }

    /// <summary>Most tokens before the prefix comes in (rule 5).</summary>
    internal static int ContentLimit(ResolvedSettings resolved, TextKind kind) =>
        resolved.PrefixIdOf(kind) is null ? resolved.LengthOf(kind) : resolved.LengthOf(kind) - 1;

    /// <summary>Expansion, then the prefix at index 1 of the padded input, whatever stands at index 0 (rules 6 to 8).</summary>
    internal static void Arrange(
        ResolvedSettings resolved, TextKind kind, ReadOnlySpan<int> content, ModelInput input, bool offsets = false)
    {
        QueryExpansion expansion = resolved.ExpansionOf(kind);
        int? prefix = resolved.PrefixIdOf(kind);
        int padding = expansion == QueryExpansion.Off
            ? 0
            : Math.Max(0, resolved.ExpansionLength - (prefix is null ? 0 : 1) - content.Length);
        int padded = content.Length + padding;
        input.Reset(padded + (prefix is null ? 0 : 1), offsets);

        Span<int> ids = input.WritableIds;
        Span<byte> attention = input.WritableAttention;
        int at = resolved.PaddingSide == TokenSide.Left ? padding : 0;
        ids.Fill(resolved.ExpansionTokenId.GetValueOrDefault());
        attention.Clear();
        content.CopyTo(ids[at..]);
        attention.Slice(at, content.Length).Fill(1);

        if (prefix is { } id)
        {
            int index = Math.Min(1, padded);
            ids[index..padded].CopyTo(ids[(index + 1)..]);
            attention[index..padded].CopyTo(attention[(index + 1)..]);
            ids[index] = id;
            attention[index] = 1;
        }

        if (expansion == QueryExpansion.Attend) attention.Fill(1);
    }

    private static TextPreparation PreparationOf(ResolvedSettings resolved, TextKind kind) =>
        new(resolved.PromptOf(kind), resolved.LowerCase, resolved.Settings.StripText.Value);

    private void CarryOffsets(TextKind kind, ModelInput input, TextPreparation preparation)
    {
        Span<(int Start, int End)> target = input.WritableOffsets;
        target.Clear();
        bool hasPrefix = resolved.PrefixIdOf(kind) is not null;
        int padding = input.Count - tokens.Count - (hasPrefix ? 1 : 0);
        int at = resolved.PaddingSide == TokenSide.Left ? padding : 0;
        ReadOnlySpan<(int Start, int End)> source = tokens.Offsets;
        for (int i = 0; i < source.Length; i++)
        {
            int index = at + i;
            if (hasPrefix && index >= 1) index++;
            if (source[i] is not (0, 0)) target[index] = preparation.ToGiven(source[i]);
        }
    }
}
