using ColbertOnnx.Modeling;
using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Diagnostics.Parity;

/// <summary>What is known of the token vectors of one text of this model: their tokens, and the tokens that have none.</summary>
internal sealed class TextLayout
{
    private readonly ResolvedSettings resolved;
    private readonly int[] ids, kept;
    private readonly RowRole[] roles;

    private TextLayout(ResolvedSettings resolved, ModelInput input, RowRole[] roles)
    {
        this.resolved = resolved;
        ids = input.Ids.ToArray();
        kept = input.Kept.ToArray();
        this.roles = roles;
        IsTruncated = input.IsTruncated;
    }

    public bool IsTruncated { get; }

    /// <summary>Tokens, those without a token vector included.</summary>
    public int Tokens => ids.Length;

    public int Rows => kept.Length;

    public RowRole RoleOf(int row) => roles[kept[row]];

    public int IdOf(int row) => ids[kept[row]];

    public string TokenOf(int row) => Piece(ids[kept[row]]);

    /// <summary>Place of a token vector among the tokens.</summary>
    public int PlaceOf(int row) => kept[row];

    /// <summary>
    /// Tokens without a vector between those before and behind that have one, by their pieces; in front of the first and behind the last
    /// too.
    /// </summary>
    public string[] Dropped(int before)
    {
        int from = before == 0 ? 0 : kept[before - 1] + 1, to = before == kept.Length ? ids.Length : kept[before];
        return [.. Enumerable.Range(from, to - from).Where(place => roles[place] != RowRole.Expansion).Select(place => Piece(ids[place]))];
    }

    public static TextLayout Of(ResolvedSettings resolved, InputBuilder encoder, string text, TextKind kind)
    {
        var input = new ModelInput();
        encoder.Build(text, kind, withOffsets: true, input);
        return new TextLayout(resolved, input, Roles(resolved, input, kind));
    }

    private static RowRole[] Roles(ResolvedSettings resolved, ModelInput input, TextKind kind)
    {
        var roles = new RowRole[input.Count];
        bool attends = resolved.ExpansionOf(kind) == QueryExpansion.Attend;
        int? prefix = resolved.PrefixIdOf(kind);
        int prefixPlace = Math.Min(1, input.Count - 1);
        for (int i = 0; i < roles.Length; i++)
        {
            int id = input.Ids[i];
            roles[i] = id == prefix && i == prefixPlace ? RowRole.Prefix
                : input.AttentionMask[i] == 0
                    || (attends && id == resolved.ExpansionTokenId && input.Offsets[i] is (0, 0)) ? RowRole.Expansion
                : input.Offsets[i] is (0, 0) ? RowRole.Special
                : RowRole.Content;
        }

        return roles;
    }

    private string Piece(int id) => resolved.Tokenizer.IdToToken(id) ?? FormattableString.Invariant($"#{id}");
}

/// <summary>What a token is there for.</summary>
internal enum RowRole
{
    Content,
    Special,
    Prefix,
    Expansion,
}
