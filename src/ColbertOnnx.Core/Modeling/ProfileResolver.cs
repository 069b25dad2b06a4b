using System.Collections.Frozen;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Modeling;

/// <summary>Turns the words of the settings into ids.</summary>
internal readonly struct ProfileResolver(ColbertSettings settings, Tokenizer tokenizer, NamedTokens? names)
{
    // The tokenizers of published models call these tokens so; only asked when no file names them.
    private static readonly string?[] MaskNames = ["[MASK]", "<mask>"];
    private static readonly string?[] UnknownNames = ["[UNK]", "<unk>"];

    public EncodingProfile Resolve()
    {
        int? queryPrefix = PrefixId(settings.QueryPrefix, settings.QueryPrefixId, "query_prefix");
        int? documentPrefix = PrefixId(settings.DocumentPrefix, settings.DocumentPrefixId, "document_prefix");
        int? expansion = ExpansionId();
        if (expansion is null && settings.QueryExpansion.Value != QueryExpansion.Off)
        {
            throw Invalid(
                "Queries are to be expanded, but the model names no mask, end-of-sequence or pad token.",
                "Write mask_token_id into onnx_config.json, or switch query expansion off.");
        }

        return new EncodingProfile
        {
            Settings = settings,
            Tokenizer = WithPrefixes(),
            TruncationSide = settings.TruncationSide.Value ?? tokenizer.TruncationSide,
            PaddingSide = settings.PaddingSide.Value ?? tokenizer.PaddingSide,
            QueryPrefixId = queryPrefix,
            DocumentPrefixId = documentPrefix,
            ExpansionTokenId = expansion ?? 0,
            PadTokenId = settings.PadTokenId.Value ?? expansion ?? 0,
            SkippedIds = SkippedIds(),
            Prompt = settings.DefaultPromptName.Value is { } name ? settings.Prompts.Value[name] : "",
        };
    }

    // PyLate adds both prefixes to the vocabulary on every load, so that texts are split at them (rule 6). A prefix that
    // only has an id in the settings is left out: adding it would invent another id, one beyond the embedding matrix.
    private Tokenizer WithPrefixes()
    {
        Tokenizer known = tokenizer;
        string[] prefixes = [.. new[] { settings.QueryPrefix.Value, settings.DocumentPrefix.Value }
            .Where(prefix => prefix.Length > 0 && known.TokenToId(prefix) is not null)
            .Distinct()];
        return prefixes.Length == 0 ? tokenizer : tokenizer.WithAddedTokens(prefixes);
    }

    private int? PrefixId(Setting<string> prefix, Setting<int?> id, string field)
    {
        if (prefix.Value.Length == 0) return null;
        return id.Value ?? tokenizer.TokenToId(prefix.Value) ?? throw Invalid(
            $"The {field} '{prefix.Value}' ({prefix.Source}) is not a token of tokenizer.json, and {field}_id does not give its id.",
            $"Correct {field} in the settings, or use the tokenizer.json that was exported with the model.");
    }

    // Where tokenizer_config.json is there, a token that it does not name does not exist, though the vocabulary may hold its usual text.
    private int? ExpansionId() =>
        settings.MaskTokenId.Value
        ?? First(names is null ? MaskNames : [names.Mask, names.EndOfSequence, names.Pad])
        ?? settings.PadTokenId.Value;

    private FrozenSet<int> SkippedIds()
    {
        var ids = new HashSet<int>();
        foreach (string word in settings.Skiplist.Value)
        {
            ids.Add(tokenizer.TokenToId(word) ?? UnknownId() ?? throw Invalid(
                $"The skiplist word '{word}' ({settings.Skiplist.Source}) is not in the vocabulary, and the tokenizer has no token for unknown words.",
                "Take the word out of the skiplist, or write unk_token_id into onnx_config.json."));
        }

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

    private static ColbertException Invalid(string message, string action) => new(ColbertErrorId.ConfigurationInvalid, message, null, action);
}
