using System.Text.Json;
using ColbertOnnx.Export;
using ColbertOnnx.Modeling;
using ColbertOnnx.Tests.Export;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Tests.Pipeline;

/// <summary>
/// The settings that the files of a reference case give: of its exported folder where there is one, else of its checkpoint.
/// </summary>
internal static class ResolvedCheckpoint
{
    public static ResolvedSettings Of(ReferenceCase reference, ColbertModelOptions options) => Directory.Exists(reference.OnnxFolder)
        ? OfExport(reference.OnnxFolder, options, settings => settings)
        : CheckpointSettings.Read(reference.Checkpoint, options).Resolve(TokenizerOf(reference.Checkpoint));

    public static ResolvedSettings Of(ReferenceCase reference, ReferenceRun run) => Directory.Exists(reference.OnnxFolder)
        ? Of(reference.OnnxFolder, run)
        : OfCheckpoint(reference, run, TokenizerOf(reference.Checkpoint));

    /// <summary>Of a folder that is like an exported one.</summary>
    public static ResolvedSettings Of(string folder, ReferenceRun run) => OfExport(folder, OptionsOf(run), settings => settings);

    public static ResolvedSettings OfCheckpoint(ReferenceCase reference, ReferenceRun run, Tokenizer tokenizer) =>
        CheckpointSettings.Read(reference.Checkpoint, OptionsOf(run)).Resolve(tokenizer);

    public static ResolvedSettings OfExport(string folder, ColbertModelOptions options, Func<ColbertSettings, ColbertSettings> change)
    {
        var reader = new SettingsReader(folder);
        return ResolvedSettings.Resolve(change(reader.Read(options)), TokenizerOf(folder), reader.Tokens());
    }

    /// <summary>
    /// The same after the way through an exported folder: onnx_config.json, the exported tokenizer.json, and no other file.
    /// </summary>
    public static ResolvedSettings Exported(string checkpoint, ResolvedSettings resolved)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(
            folder.File("onnx_config.json"), SettingsWriter.Write(resolved, new GraphFacts("model", "Model", 16, UsesTokenTypeIds: true)));
        EffectiveFile.Write(
            checkpoint, folder.File("tokenizer.json"), resolved.Settings.QueryPrefix.Value, resolved.Settings.DocumentPrefix.Value);
        return OfExport(folder.Path, new ColbertModelOptions(), settings => settings);
    }

    /// <summary>The tokenizer that PyLate makes of the checkpoint's files, before it adds the prefixes.</summary>
    public static Tokenizer EffectiveTokenizerOf(string checkpoint) => Tokenizer.Parse(EffectiveFile.Bytes(checkpoint), checkpoint);

    public static Tokenizer TokenizerOf(string folder) => Tokenizer.Load(Path.Combine(folder, "tokenizer.json"));

    /// <summary>The arguments of the run, of the constructor and of encode, under their names here.</summary>
    public static ColbertModelOptions OptionsOf(ReferenceRun run)
    {
        string? Text(JsonElement from, string name) => from.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
        int? Call(string name) => run.Encode.TryGetProperty(name, out JsonElement value) ? value.GetInt32() : null;
        int? Number(string name) => run.Init.TryGetProperty(name, out JsonElement value) ? value.GetInt32() : null;
        bool? Flag(string name) => run.Init.TryGetProperty(name, out JsonElement value) ? value.GetBoolean() : null;
        return new ColbertModelOptions
        {
            QueryPrefix = Text(run.Init, "query_prefix"),
            DocumentPrefix = Text(run.Init, "document_prefix"),
            PromptName = Text(run.Encode, "prompt_name"),
            Prompt = Text(run.Encode, "prompt"),
            PoolFactor = Call("pool_factor"),
            ProtectedTokens = Call("protected_tokens"),
            QueryLength = Number("query_length"),
            DocumentLength = Number("document_length"),
            QueryExpansion = Flag("do_query_expansion") == false
                ? QueryExpansion.Off
                : Flag("attend_to_expansion_tokens") == false ? QueryExpansion.On
                : null,
            Skiplist = run.Init.TryGetProperty("skiplist_words", out JsonElement words)
                ? [.. words.EnumerateArray().Select(word => word.GetString()!)]
                : null,
        };
    }
}
