using System.Collections.Frozen;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Modeling;

/// <summary>The settings of a model, resolved against its tokenizer: words have become ids. Immutable; shared by all lanes.</summary>
internal sealed record EncodingProfile
{
    public required ColbertSettings Settings { get; init; }

    /// <summary>The folder's tokenizer with the two prefixes as added tokens.</summary>
    public required Tokenizer Tokenizer { get; init; }

    public TruncationSide TruncationSide { get; init; }

    public TruncationSide PaddingSide { get; init; }

    /// <summary>Null when the prefix is the empty string.</summary>
    public int? QueryPrefixId { get; init; }

    public int? DocumentPrefixId { get; init; }

    /// <summary>What fills queries up; 0 and unused when expansion is off and no token was found.</summary>
    public int ExpansionTokenId { get; init; }

    /// <summary>What fills a batch up behind a row, always with attention 0.</summary>
    public int PadTokenId { get; init; }

    /// <summary>Token ids whose rows are left out of documents.</summary>
    public required FrozenSet<int> SkippedIds { get; init; }

    /// <summary>Goes in front of every text; mostly empty.</summary>
    public string Prompt { get; init; } = "";

    public bool LowerCase => Settings.LowerCase.Value;

    public int? PrefixIdOf(TextKind kind) => kind == TextKind.Query ? QueryPrefixId : DocumentPrefixId;

    public int LengthOf(TextKind kind) => kind == TextKind.Query ? Settings.QueryLength.Value : Settings.DocumentLength.Value;

    /// <summary>Documents are never expanded (rule 8).</summary>
    public QueryExpansion ExpansionOf(TextKind kind) => kind == TextKind.Query ? Settings.QueryExpansion.Value : QueryExpansion.Off;

    /// <summary>Looks every word of the settings up. <paramref name="names"/>: what tokenizer_config.json calls its special tokens, if there is one.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ConfigurationInvalid"/>: a word without an id.</exception>
    public static EncodingProfile Resolve(ColbertSettings settings, Tokenizer tokenizer, NamedTokens? names = null) => new ProfileResolver(settings, tokenizer, names).Resolve();
}
