using System.Collections.Frozen;
using System.Globalization;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Modeling;

/// <summary>Resolves the tokens of the settings to ids.</summary>
internal sealed class SettingsResolver
{
    // The tokenizers of published models call these tokens so; only asked when no file names them.
    private static readonly string?[] MaskNames = ["[MASK]", "<mask>"];
    private static readonly string?[] UnknownNames = ["[UNK]", "<unk>"];

    private readonly ColbertSettings settings;
    private readonly Tokenizer given, tokenizer;
    private readonly NamedTokens? names;
    private readonly List<string> warnings = [];

    public SettingsResolver(ColbertSettings settings, Tokenizer given, NamedTokens? names, bool addPrefixes)
    {
        (this.settings, this.given, this.names) = (settings, given, names);
        tokenizer = WithPrefixes(addPrefixes);
    }

    private string[] Prefixes =>
        [.. new[] { settings.QueryPrefix.Value, settings.DocumentPrefix.Value }.Where(prefix => prefix.Length > 0).Distinct()];

    public ResolvedSettings Resolve()
    {
        int? queryPrefix = PrefixId(settings.QueryPrefix, settings.QueryPrefixId, "query_prefix");
        int? documentPrefix = PrefixId(settings.DocumentPrefix, settings.DocumentPrefixId, "document_prefix");
        int? expansion = ExpansionId();
        if (expansion is null && settings.QueryExpansion.Value != QueryExpansion.Off)
        {
            throw Invalid(
                names?.Expansion is { } token
                    ? $"Queries are to be expanded with '{token}', which is not in the vocabulary."
                    : "Queries are to be expanded, but the model names no mask, end-of-sequence or pad token.",
                "Write mask_token_id into onnx_config.json, or switch query expansion off.",
                settings.QueryExpansion.Source == SettingSource.Argument ? nameof(ColbertModelOptions.QueryExpansion) : null);
        }

        WarnOfLength(settings.QueryLength, "query_length", queryPrefix);
        WarnOfLength(settings.DocumentLength, "document_length", documentPrefix);
        return new ResolvedSettings
        {
            Settings = settings,
            Tokenizer = tokenizer,
            TruncationSide = settings.TruncationSide.Value ?? tokenizer.TruncationSide,
            PaddingSide = settings.PaddingSide.Value ?? tokenizer.PaddingSide,
            QueryPrefixId = queryPrefix,
            DocumentPrefixId = documentPrefix,
            ExpansionTokenId = expansion,
            PadTokenId = settings.PadTokenId.Value ?? expansion ?? 0,
            UnknownTokenId = UnknownId(),
            SkippedIds = SkippedIds(),
            KeptIds = settings.KeepOnlyTokenIds.Value is { Count: > 0 } ids ? ids.ToFrozenSet() : null,
            QueryPrompt = settings.QueryPrompt.Value,
            DocumentPrompt = settings.DocumentPrompt.Value,
            NewTokens = NewTokens(),
            Warnings = warnings,
        };
    }

    // As in PyLate (docs/semantics.md, rule 5): there is nothing that could be dropped then, and long texts stay long.
    private void WarnOfLength(Setting<int> length, string field, int? prefix)
    {
        int special = tokenizer.SpecialTokenCount + (prefix is null ? 0 : 1);
        if (length.Value >= special) return;
        warnings.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"{field} is {length.Value} ({length.Source}), less than the {special} special tokens of a text, so that no text is "
                + $"truncated; give at least {special + 1}."));
    }

    // PyLate adds both prefixes to the vocabulary on every load, so that texts are split at them (docs/semantics.md, rule 6). In an
    // exported folder a prefix that only has an id in the settings is left out: adding it would invent another id, one beyond the embedding
    // matrix.
    private Tokenizer WithPrefixes(bool addPrefixes)
    {
        string[] added = [.. Prefixes.Where(prefix => addPrefixes || given.TokenToId(prefix) is not null)];
        return added.Length == 0 ? given : given.WithAddedTokens(added);
    }

    private List<(string Text, int Id)> NewTokens()
    {
        List<(string, int)> fresh = [];
        foreach (string prefix in Prefixes.Where(prefix => given.TokenToId(prefix) is null))
        {
            if (tokenizer.TokenToId(prefix) is not { } id) continue;
            fresh.Add((prefix, id));
            warnings.Add(
                $"The prefix '{prefix}' is not in the vocabulary: it becomes a new token with the mean of all embeddings, where PyLate "
                    + $"takes a random one close to the mean.");
        }

        return fresh;
    }

    private int? PrefixId(Setting<string> prefix, Setting<int?> id, string field)
    {
        if (prefix.Value.Length == 0) return null;
        if ((id.Value ?? tokenizer.TokenToId(prefix.Value)) is { } found) return found;
        if (prefix.Source == SettingSource.Argument)
        {
            throw Invalid(
                $"'{prefix.Value}' is to be the {field}, and is not a token of tokenizer.json; an exported graph has no embedding for "
                    + $"a new one.",
                "Export the checkpoint again with this prefix (Export-ColbertModel, colbert export), or give an empty one for none.",
                prefix.Value);
        }

        throw Invalid(
            $"The {field} '{prefix.Value}' ({prefix.Source}) is not a token of tokenizer.json, and {field}_id does not give its id.",
            $"Correct {field} in the settings, or use the tokenizer.json that was exported with the model.");
    }

    // Where tokenizer_config.json is there, a token that it does not name does not exist, though the vocabulary may hold its usual text.
    private int? ExpansionId()
    {
        if (settings.MaskTokenId.Value is { } id) return id;
        if (names?.Expansion is { } token) return tokenizer.TokenToId(token);
        return First(names is null ? MaskNames : [names.Mask, names.EndOfSequence, names.Pad]) ?? settings.PadTokenId.Value;
    }

    private FrozenSet<int> SkippedIds()
    {
        var ids = new HashSet<int>();
        List<string> dropped = [];
        int? unknown = UnknownId();
        foreach (string word in settings.Skiplist.Value)
        {
            if (tokenizer.TokenToId(word) is { } id) ids.Add(id);
            else if (settings.DropUnknownSkiplistWords.Value) dropped.Add(word);
            else
            {
                ids.Add(unknown ?? throw Invalid(
                    $"The skiplist word '{word}' ({settings.Skiplist.Source}) is not in the vocabulary, and the tokenizer has no token "
                        + $"for unknown words.",
                    "Take the word out of the skiplist, or write unk_token_id into onnx_config.json.",
                    settings.Skiplist.Source == SettingSource.Argument ? word : null));
            }
        }

        if (dropped.Count > 0)
            warnings.Add(
                $"Not in the vocabulary, so left out of the skiplist ({settings.Skiplist.Source}): "
                    + $"{string.Join(", ", dropped.Select(word => $"'{word}'"))}.");
        return ids.ToFrozenSet();
    }

    private int? UnknownId() =>
        settings.UnknownTokenId.Value
        ?? First([names?.Unknown])
        ?? tokenizer.UnknownTokenId
        ?? (names is null ? First(UnknownNames) : null);

    private int? First(string?[] candidates)
    {
        foreach (string? token in candidates)
            if (token is not null && tokenizer.TokenToId(token) is { } id) return id;
        return null;
    }

    /// <param name="argument">What the caller gave; null: a file says it.</param>
    private static ColbertException Invalid(string message, string action, string? argument = null) =>
        new(argument is null ? ColbertErrorId.ConfigurationInvalid : ColbertErrorId.InputInvalid, message, argument, action);
}
