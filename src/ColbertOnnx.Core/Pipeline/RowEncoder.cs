using ColbertOnnx.Modeling;

namespace ColbertOnnx.Pipeline;

/// <summary>The rows of a model folder's own profile.</summary>
internal sealed class RowEncoder(EncodingProfile profile) : IRowEncoder
{
    private readonly RowLayout layout = new(profile);

    public int PadId => profile.PadTokenId;

    /// <summary>Lengths below the number of special tokens do not truncate (docs/semantics.md, rule 5), so the most may be exceeded by a few.</summary>
    public RowLimits Limits(TextKind kind) => new(profile.LengthOf(kind), profile.ExpansionOf(kind) == QueryExpansion.On ? profile.ExpansionLength : null);

    public void Encode(string text, TextKind kind, bool withOffsets, TokenRow row, string? prompt = null, CancellationToken cancellation = default) =>
        layout.Lay(text, kind, row, withOffsets, prompt, cancellation);

    public string TokenOf(int id) => profile.Tokenizer.IdToToken(id) ?? "";
}
