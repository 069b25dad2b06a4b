using System.Globalization;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Modeling;

/// <summary>
/// Ids that no text has, but settings and the tokenizer's post-processor name: the graph must have a row for each, or every text fails.
/// </summary>
internal static class NamedIds
{
    /// <param name="resolved">The settings.</param>
    /// <param name="rows">Rows of the graph's word embeddings.</param>
    /// <param name="folder">Where the settings' files are.</param>
    /// <param name="tokenizer">Full path of tokenizer.json.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ConfigurationInvalid"/>,
    /// <see cref="ColbertErrorId.TokenizerInvalid"/>.</exception>
    public static void Check(ResolvedSettings resolved, long rows, string folder, string tokenizer)
    {
        ColbertSettings settings = resolved.Settings;
        if (NeedsMask(settings)) CheckSetting("mask_token_id", settings.MaskTokenId);
        CheckSetting("pad_token_id", settings.PadTokenId);
        if (resolved.QueryPrefixId is not null) CheckSetting("query_prefix_id", settings.QueryPrefixId);
        if (resolved.DocumentPrefixId is not null) CheckSetting("document_prefix_id", settings.DocumentPrefixId);
        foreach (int id in resolved.Tokenizer.TemplateIds)
        {
            if (id < rows) continue;
            throw new ColbertException(
                ColbertErrorId.TokenizerInvalid,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The post_processor of '{tokenizer}' puts the id {id} around texts, and the graph has word embeddings for {rows} "
                        + $"ids."),
                tokenizer,
                "Use the tokenizer.json that was saved with the weights.");
        }

        void CheckSetting(string field, Setting<int?> setting)
        {
            if (setting.Value is not { } id || id < rows) return;
            throw new ColbertException(
                ColbertErrorId.ConfigurationInvalid,
                FormattableString.Invariant(
                    $"{field} of {setting.Source} is {id}, and the graph has word embeddings for {rows} ids."),
                Path.Combine(folder, setting.Source),
                $"Correct {field} in the file, or export the model again.");
        }
    }

    // Without pad_token_id the mask fills batches too.
    private static bool NeedsMask(ColbertSettings settings) =>
        settings.QueryExpansion.Value != QueryExpansion.Off || settings.PadTokenId.Value is null;

    /// <summary>
    /// Whether any is none of the tokenizer's, which is no fault as such: a graph may have more rows than the tokenizer has tokens.
    /// </summary>
    public static bool HasUnknown(ResolvedSettings resolved)
    {
        ColbertSettings settings = resolved.Settings;
        Tokenizer tokenizer = resolved.Tokenizer;
        return (NeedsMask(settings) && IsUnknown(settings.MaskTokenId.Value)) || IsUnknown(settings.PadTokenId.Value)
            || (resolved.QueryPrefixId is not null && IsUnknown(settings.QueryPrefixId.Value))
            || (resolved.DocumentPrefixId is not null && IsUnknown(settings.DocumentPrefixId.Value))
            || tokenizer.TemplateIds.Any(id => IsUnknown(id));

        bool IsUnknown(int? id) => id is { } number && tokenizer.IdToToken(number) is null;
    }
}
