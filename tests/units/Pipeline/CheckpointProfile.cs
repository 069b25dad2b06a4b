using System.Text.Json;
using ColbertOnnx.Modeling;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Tests.Pipeline;

/// <summary>The profile that the files of a reference case give: of its exported folder where there is one, else of its checkpoint.</summary>
internal static class CheckpointProfile
{
    public static EncodingProfile Of(ReferenceCase reference, ColbertModelOptions options) => Of(FolderOf(reference), options, settings => settings);

    public static EncodingProfile Of(ReferenceCase reference, ReferenceRun run) => Of(FolderOf(reference), run);

    /// <summary>With the run's arguments. The constructor's prefixes have no counterpart among the options; prompts by name have none either.</summary>
    public static EncodingProfile Of(string folder, ReferenceRun run)
    {
        string? Text(JsonElement from, string name) => from.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
        EncodingProfile profile = Of(folder, OptionsOf(run), settings => settings with
        {
            QueryPrefix = Text(run.Init, "query_prefix") is { } query ? new(query, "argument") : settings.QueryPrefix,
            DocumentPrefix = Text(run.Init, "document_prefix") is { } document ? new(document, "argument") : settings.DocumentPrefix,
        });
        string? prompt = Text(run.Encode, "prompt") ?? (Text(run.Encode, "prompt_name") is { } name ? profile.Settings.Prompts.Value[name] : null);
        return prompt is null ? profile : profile with { Prompt = prompt };
    }

    private static string FolderOf(ReferenceCase reference) => Directory.Exists(reference.OnnxFolder) ? reference.OnnxFolder : reference.Checkpoint;

    private static EncodingProfile Of(string folder, ColbertModelOptions options, Func<ColbertSettings, ColbertSettings> change)
    {
        var reader = new SettingsReader(folder);
        return EncodingProfile.Resolve(change(reader.Read(options)), Tokenizer.Load(Path.Combine(folder, "tokenizer.json")), reader.Tokens());
    }

    private static ColbertModelOptions OptionsOf(ReferenceRun run)
    {
        int? Number(string name) => run.Init.TryGetProperty(name, out JsonElement value) ? value.GetInt32() : null;
        bool? Flag(string name) => run.Init.TryGetProperty(name, out JsonElement value) ? value.GetBoolean() : null;
        return new ColbertModelOptions
        {
            QueryLength = Number("query_length"),
            DocumentLength = Number("document_length"),
            QueryExpansion = Flag("do_query_expansion") == false ? QueryExpansion.Off : Flag("attend_to_expansion_tokens") == false ? QueryExpansion.On : null,
            Skiplist = run.Init.TryGetProperty("skiplist_words", out JsonElement words) ? [.. words.EnumerateArray().Select(word => word.GetString()!)] : null,
        };
    }
}
