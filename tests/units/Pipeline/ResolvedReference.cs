using System.Collections.Frozen;
using System.Text.Json;
using ColbertOnnx.Modeling;

namespace ColbertOnnx.Tests.Pipeline;

/// <summary>The settings that PyLate's own settings amount to, without a tokenizer: for rows from stored ids.</summary>
internal static class ResolvedReference
{
    public static ResolvedSettings Of(ReferenceCase reference, ReferenceRun run)
    {
        JsonElement Find(string name) =>
            run.SettingsDiffer is { } differ && differ.TryGetProperty(name, out JsonElement value)
                ? value
                : reference.Settings.GetProperty(name);
        int? Id(string name) => Find(name) is { ValueKind: JsonValueKind.Number } id ? id.GetInt32() : null;
        TokenSide Side(string name) => Find(name).GetString() == "left" ? TokenSide.Left : TokenSide.Right;

        bool expand = Find("do_query_expansion").GetBoolean();
        QueryExpansion expansion = !expand
            ? QueryExpansion.Off
            : Find("attend_to_expansion_tokens").GetBoolean() ? QueryExpansion.Attend
            : QueryExpansion.On;
        var options = new ColbertModelOptions
        {
            QueryLength = Id("query_length"),
            DocumentLength = Id("document_length"),
            QueryExpansion = expansion,
        };
        return new ResolvedSettings
        {
            Settings = new SettingsReader("no settings files here").Read(options),
            Tokenizer = null!,
            QueryPrefixId = Id("query_prefix_id"),
            DocumentPrefixId = Id("document_prefix_id"),
            ExpansionTokenId = Id("expansion_token_id") ?? 0,
            SkippedIds = Find("skiplist_ids").EnumerateArray().Select(id => id.GetInt32()).ToFrozenSet(),
            TruncationSide = Side("truncation_side"),
            PaddingSide = Side("padding_side"),
        };
    }
}
