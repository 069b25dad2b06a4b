using ColbertOnnx.IO;
using ColbertOnnx.Onnx;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Modeling;

/// <summary>An exported ONNX folder: where its files are, and what its settings say. Reads no weights.</summary>
internal sealed class ModelFolder
{
    private readonly IReadOnlyList<string> warnings;

    private ModelFolder(string path, string graph, ColbertSettings settings, NamedTokens? namedTokens, IReadOnlyList<string> warnings)
    {
        this.warnings = warnings;
        Path = path;
        GraphPath = System.IO.Path.Combine(path, graph);
        IsQuantized = graph == ModelFiles.QuantizedGraph;
        Settings = settings;
        NamedTokens = namedTokens;
    }

    /// <summary>Full path of the folder that holds the graph.</summary>
    public string Path { get; }

    /// <summary>Last part of the path that was asked for.</summary>
    public required string Name { get; init; }

    public string GraphPath { get; }

    public bool IsQuantized { get; }

    public string TokenizerPath => System.IO.Path.Combine(Path, ModelFiles.Tokenizer);

    public ColbertSettings Settings { get; }

    /// <summary>What tokenizer_config.json names; null without that file.</summary>
    public NamedTokens? NamedTokens { get; }

    /// <summary>
    /// Finds the files and reads the settings. A checkpoint folder that was exported into its <c>onnx</c> folder stands for that one.
    /// </summary>
    /// <exception cref="ColbertException">
    /// <see cref="ColbertErrorId.ModelNotFound"/>, <see cref="ColbertErrorId.ModelIncomplete"/>,
    /// <see cref="ColbertErrorId.ConfigurationInvalid"/>, <see cref="ColbertErrorId.InputInvalid"/> (an option).
    /// </exception>
    public static ModelFolder Open(string path, ColbertModelOptions options)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0'))
            throw new ColbertException(
                ColbertErrorId.ModelNotFound, $"'{path}' is not the path of a folder.", path, "Give the path of a model folder.");

        string full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        if (!Directory.Exists(full))
        {
            throw File.Exists(full)
                ? new ColbertException(
                    ColbertErrorId.ModelNotFound, $"'{path}' is a file; a model is a folder.", full,
                    "Give the folder that holds model.onnx and tokenizer.json.")
                : new ColbertException(
                    ColbertErrorId.ModelNotFound, $"There is no model folder '{path}'.", full,
                    "Check the path, or export a checkpoint first.");
        }

        string folder = !HasGraph(full) && HasGraph(System.IO.Path.Combine(full, "onnx")) ? System.IO.Path.Combine(full, "onnx") : full;
        string graph = FindGraph(folder, options.Quantized);
        if (!FileLinks.IsThere(System.IO.Path.Combine(folder, ModelFiles.Tokenizer)))
            throw Lacks(
                folder, ModelFiles.Tokenizer, "Copy tokenizer.json from the checkpoint into the folder, or export the model again.");

        var reader = new SettingsReader(folder);
        if (!reader.HasSettings)
            throw Lacks(
                folder, SettingsReader.New, $"Copy {SettingsReader.Old} from the checkpoint into the folder, or export the model again.");

        ColbertSettings settings = reader.Read(options);
        string[] idle = options.ProtectedTokens is null || settings.PoolFactor.Value > 1
            ? []
            : ["The model does not pool (pool factor 1), so that protected tokens have no effect where a call does not ask for it."];
        return new ModelFolder(
            folder, graph, SequenceLengths.Fit(settings, settings.Positions.Value, folder), reader.Tokens(),
            [.. new ColbertEncodeOptions { PromptName = options.PromptName, Prompt = options.Prompt }.GetWarnings(), .. idle])
        {
            Name = System.IO.Path.GetFileName(full),
        };
    }

    /// <summary>Reads the tokenizer and resolves the settings against it.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ConfigurationInvalid"/>,
    /// <see cref="ColbertErrorId.TokenizerInvalid"/>, <see cref="ColbertErrorId.TokenizerUnsupported"/>,
    /// <see cref="ColbertErrorId.InputInvalid"/> (an option).</exception>
    public ResolvedSettings Resolve()
    {
        ResolvedSettings resolved = ResolvedSettings.Resolve(Settings, Tokenizer.Load(TokenizerPath), NamedTokens);
        if (NamedIds.HasUnknown(resolved) && IdRowsOf(GraphPath) is { } rows) NamedIds.Check(resolved, rows, Path, TokenizerPath);
        return resolved with { Warnings = [.. warnings, .. resolved.Warnings] };
    }

    // What is wrong with a graph is said where it is opened.
    private static long? IdRowsOf(string graph)
    {
        try
        {
            return IdRows.Of(OnnxReader.Read(graph));
        }
        catch (ColbertException)
        {
            return null;
        }
    }

    private static bool HasGraph(string folder) =>
        FileLinks.IsThere(System.IO.Path.Combine(folder, ModelFiles.Graph))
            || FileLinks.IsThere(System.IO.Path.Combine(folder, ModelFiles.QuantizedGraph));

    private static string FindGraph(string folder, bool? quantized)
    {
        bool full = FileLinks.IsThere(System.IO.Path.Combine(folder, ModelFiles.Graph));
        bool int8 = FileLinks.IsThere(System.IO.Path.Combine(folder, ModelFiles.QuantizedGraph));
        if (!full && !int8)
            throw Lacks(
                folder, ModelFiles.Graph, "Export the checkpoint to ONNX first (Export-ColbertModel), then open the exported folder.");
        return quantized switch
        {
            true => int8
                ? ModelFiles.QuantizedGraph
                : throw Lacks(
                    folder, ModelFiles.QuantizedGraph, "Quantize the model first (Optimize-ColbertModel), or open it without Quantized."),
            false => full
                ? ModelFiles.Graph
                : throw Lacks(folder, ModelFiles.Graph, "Export the checkpoint again, or open the quantized model."),
            null => full ? ModelFiles.Graph : ModelFiles.QuantizedGraph,
        };
    }

    private static ColbertException Lacks(string folder, string file, string action) =>
        new(ColbertErrorId.ModelIncomplete, $"The model folder '{folder}' lacks {file}.", System.IO.Path.Combine(folder, file), action);
}
