using System.Globalization;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Modeling;

/// <summary>
/// Ids that no text has, but settings and the tokenizer's post-processor name: the graph must have a word embedding for each, or every text
/// fails.
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
        foreach ((string field, int id, string source) in Settings(resolved))
        {
            if (id < rows) continue;
            throw new ColbertException(
                ColbertErrorId.ConfigurationInvalid,
                FormattableString.Invariant($"{field} of {source} is {id}, and the graph has word embeddings for {rows} ids."),
                Path.Combine(folder, source),
                $"Correct {field} in the file, or export the model again.");
        }

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
    }

    /// <summary>
    /// Whether any is none of the tokenizer's, which is no fault as such: a graph may have more rows than the tokenizer has tokens.
    /// </summary>
    public static bool HasUnknown(ResolvedSettings resolved)
    {
        Tokenizer tokenizer = resolved.Tokenizer;
        return Settings(resolved).Select(setting => setting.Id).Concat(tokenizer.TemplateIds).Any(id => tokenizer.IdToToken(id) is null);
    }

    // Those that come into sequences. Without pad_token_id the mask fills batches too.
    private static IEnumerable<(string Field, int Id, string Source)> Settings(ResolvedSettings resolved)
    {
        ColbertSettings settings = resolved.Settings;
        (string Field, Setting<int?> Setting, bool IsUsed)[] all =
        [
            (
                "mask_token_id", settings.MaskTokenId,
                settings.QueryExpansion.Value != QueryExpansion.Off || settings.PadTokenId.Value is null),
            ("pad_token_id", settings.PadTokenId, true),
            ("query_prefix_id", settings.QueryPrefixId, resolved.QueryPrefixId is not null),
            ("document_prefix_id", settings.DocumentPrefixId, resolved.DocumentPrefixId is not null),
        ];
        foreach ((string field, Setting<int?> setting, bool isUsed) in all)
            if (isUsed && setting.Value is { } id) yield return (field, id, setting.Source);
    }
}
