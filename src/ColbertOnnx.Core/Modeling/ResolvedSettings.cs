using System.Collections.Frozen;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Modeling;

/// <summary>The settings of a model, resolved against its tokenizer: words have become ids. Immutable; shared by all lanes.</summary>
internal sealed record ResolvedSettings
{
    public required ColbertSettings Settings { get; init; }

    /// <summary>The folder's tokenizer with the two prefixes as added tokens.</summary>
    public required Tokenizer Tokenizer { get; init; }

    public TokenSide TruncationSide { get; init; }

    public TokenSide PaddingSide { get; init; }

    /// <summary>Null when the prefix is the empty string.</summary>
    public int? QueryPrefixId { get; init; }

    public int? DocumentPrefixId { get; init; }

    /// <summary>What fills queries up; null only when expansion is off and no token was found.</summary>
    public int? ExpansionTokenId { get; init; }

    /// <summary>What pads a sequence of a batch at its end, always with attention 0.</summary>
    public int PadTokenId { get; init; }

    /// <summary>What stands for unknown words; null where the tokenizer has no such token.</summary>
    public int? UnknownTokenId { get; init; }

    /// <summary>Token ids whose token vectors are left out, of the kinds of text that <see cref="SkippedIdsOf"/> says.</summary>
    public required FrozenSet<int> SkippedIds { get; init; }

    /// <summary>The only token ids whose token vectors documents keep; null: all.</summary>
    public FrozenSet<int>? KeptIds { get; init; }

    /// <summary>Goes in front of every query; mostly empty.</summary>
    public string QueryPrompt { get; init; } = "";

    public string DocumentPrompt { get; init; } = "";

    /// <summary>Prefixes that the tokenizer did not know, each with the id that it was given behind the vocabulary.</summary>
    public IReadOnlyList<(string Text, int Id)> NewTokens { get; init; } = [];

    /// <summary>What a user should know about these settings, a sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    public bool LowerCase => Settings.LowerCase.Value;

    public int? PrefixIdOf(TextKind kind) => kind == TextKind.Query ? QueryPrefixId : DocumentPrefixId;

    public string PromptOf(TextKind kind) => kind == TextKind.Query ? QueryPrompt : DocumentPrompt;

    /// <summary>Null where nothing is skipped.</summary>
    public FrozenSet<int>? SkippedIdsOf(TextKind kind) =>
        SkippedIds.Count > 0 && Settings.SkiplistTasks.Value.Contains(kind) ? SkippedIds : null;

    public FrozenSet<int>? KeptIdsOf(TextKind kind) => kind == TextKind.Document ? KeptIds : null;

    public int LengthOf(TextKind kind) => kind == TextKind.Query ? Settings.QueryLength.Value : Settings.DocumentLength.Value;

    /// <summary>Documents are never expanded (docs/semantics.md, rule 8).</summary>
    public QueryExpansion ExpansionOf(TextKind kind) => kind == TextKind.Query ? Settings.QueryExpansion.Value : QueryExpansion.Off;

    /// <summary>The tokens of a query up to which expansion goes.</summary>
    public int ExpansionLength => Math.Min(Settings.ExpansionLength.Value ?? int.MaxValue, Settings.QueryLength.Value);

    /// <summary>
    /// Looks every word of the settings up. <paramref name="names"/>: what tokenizer_config.json calls its special tokens, if there is one.
    /// </summary>
    /// <param name="addPrefixes">Prefixes that the tokenizer does not know get new ids, as when PyLate loads a checkpoint; otherwise they
    /// are an error.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ConfigurationInvalid"/>: a word without an id.</exception>
    public static ResolvedSettings Resolve(
        ColbertSettings settings, Tokenizer tokenizer, NamedTokens? names = null, bool addPrefixes = false) =>
        new SettingsResolver(settings, tokenizer, names, addPrefixes).Resolve();
}
