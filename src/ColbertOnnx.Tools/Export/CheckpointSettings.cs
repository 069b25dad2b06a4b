using ColbertOnnx.IO;
using ColbertOnnx.Modeling;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Export;

/// <summary>
/// A checkpoint folder in any of its layouts: what it says about encoding, and which layers follow the backbone. Reads no weights.
/// </summary>
internal sealed record CheckpointSettings
{
    // Where sentence-transformers' file puts other values in the place of config.json's and tokenizer_config.json's, before its release 6
    // and since.
    private static readonly string[] Overrides = ["config_args", "config_kwargs", "tokenizer_args", "processor_kwargs"];

    // Those that change no vector.
    private static readonly string[] Inert =
    [
        "attn_implementation", "dtype", "model_max_length", "torch_dtype", "trust_remote_code", "use_fast",
    ];

    public required CheckpointLayout Layout { get; init; }

    /// <summary>Full path of the checkpoint.</summary>
    public required string Folder { get; init; }

    /// <summary>
    /// Full path of the folder that holds config.json, weights and tokenizer of the backbone; mostly the checkpoint itself.
    /// </summary>
    public required string BackboneFolder { get; init; }

    /// <summary>Whether token vectors are normalized is <see cref="ColbertSettings.NormalizeEmbeddings"/>.</summary>
    public required ColbertSettings Settings { get; init; }

    /// <summary>What tokenizer_config.json names; null without that file.</summary>
    public required NamedTokens? NamedTokens { get; init; }

    /// <summary>
    /// In the order in which they are applied; none only in sentence-transformers 6, where a model may do without a projection.
    /// </summary>
    public required IReadOnlyList<DenseModule> Dense { get; init; }

    /// <summary>The tokenizer is to lower texts by a Lowercase normalizer in front of its own, unless it has one.</summary>
    public bool LowersInTokenizer { get; init; }

    /// <summary>What a user should know, a sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Finds out the layout and reads its files.</summary>
    /// <exception cref="ColbertException">
    /// <see cref="ColbertErrorId.ModelNotFound"/>, <see cref="ColbertErrorId.ModelIncomplete"/>,
    /// <see cref="ColbertErrorId.ConfigurationInvalid"/>, <see cref="ColbertErrorId.ArchitectureUnsupported"/>,
    /// <see cref="ColbertErrorId.InputInvalid"/> (an option).
    /// </exception>
    public static CheckpointSettings Read(string path, ColbertModelOptions? options = null)
    {
        options ??= new ColbertModelOptions();
        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (!Directory.Exists(folder))
        {
            throw File.Exists(folder)
                ? new ColbertException(
                    ColbertErrorId.ModelNotFound, $"'{path}' is a file; a checkpoint is a folder.", folder,
                    "Give the folder that holds config.json and model.safetensors.")
                : new ColbertException(ColbertErrorId.ModelNotFound, $"There is no checkpoint folder '{path}'.", folder, "Check the path.");
        }

        SettingsFile? settings = SettingsFile.Read(folder, SettingsReader.Old);
        bool isMultiVector = MultiVectorSettings.Fits(settings);
        ModuleList? modules = ModuleList.Read(folder, isMultiVector ? CheckpointLayout.MultiVectorEncoder : CheckpointLayout.PyLate);
        SettingsFile? transformer = modules is null ? null : SettingsReader.ReadTransformer(modules.Backbone);
        if (transformer is not null) RefuseOverrides(transformer);
        CheckpointSettings read = modules is null ? ReadStanford(folder, options)
            : isMultiVector ? ReadMultiVector(folder, settings!, modules, transformer, options)
            : ReadPyLate(folder, settings, modules, transformer, options);
        return read with
        {
            Settings = WithSides(read.Settings, read.BackboneFolder),
            Warnings =
            [
                .. read.Warnings, .. new ColbertEncodeOptions { PromptName = options.PromptName, Prompt = options.Prompt }.GetWarnings(),
            ],
        };
    }

    /// <summary>
    /// Resolves the settings against the checkpoint's tokenizer, as PyLate uses it. A prefix that it does not know becomes a new token.
    /// </summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ConfigurationInvalid"/>: a word without an id.</exception>
    public ResolvedSettings Resolve(Tokenizer tokenizer)
    {
        ResolvedSettings resolved = ResolvedSettings.Resolve(Settings, tokenizer, NamedTokens, addPrefixes: true);
        return resolved with { Warnings = [.. Warnings, .. resolved.Warnings] };
    }

    private static CheckpointSettings ReadPyLate(
        string folder, SettingsFile? settings, ModuleList modules, SettingsFile? transformer, ColbertModelOptions options)
    {
        if (modules.Dense.Count == 0) throw NoProjection(folder, "modules.json names no Dense module");
        var reader = new SettingsReader([settings], transformer, SettingsReader.ReadTokenizer(modules.Backbone));
        return new CheckpointSettings
        {
            Layout = CheckpointLayout.PyLate,
            Folder = folder,
            BackboneFolder = modules.Backbone,
            Settings = reader.Read(options),
            NamedTokens = reader.Tokens(),
            Dense = modules.Dense,
        };
    }

    private static CheckpointSettings ReadMultiVector(
        string folder, SettingsFile settings, ModuleList modules, SettingsFile? transformer, ColbertModelOptions options)
    {
        var reader = new MultiVectorSettings(settings, modules, transformer);
        return new CheckpointSettings
        {
            Layout = CheckpointLayout.MultiVectorEncoder,
            Folder = folder,
            BackboneFolder = modules.Backbone,
            Settings = reader.Read(options),
            NamedTokens = reader.Tokens,
            Dense = modules.Dense,
            LowersInTokenizer = reader.LowersInTokenizer,
        };
    }

    private static CheckpointSettings ReadStanford(string folder, ColbertModelOptions options)
    {
        SettingsFile config = SettingsFile.Read(folder, "config.json")
            ?? throw new ColbertException(
                ColbertErrorId.ModelIncomplete, $"The checkpoint '{folder}' has neither modules.json nor config.json.", folder,
                "Give the folder of a ColBERT checkpoint, as PyLate or sentence-transformers save it.");
        if (!StanfordSettings.Fits(config)) throw NoProjection(folder, "there is no modules.json, and config.json does not say HF_ColBERT");

        return new CheckpointSettings
        {
            Layout = CheckpointLayout.Stanford,
            Folder = folder,
            BackboneFolder = folder,
            Settings = StanfordSettings.Read(folder, options),
            NamedTokens = NamedTokens.Of(SettingsReader.ReadTokenizer(folder)),
            Dense = [new DenseModule(folder, "", DenseModule.Identity)],
            Warnings = FileLinks.IsThere(Path.Combine(folder, StanfordSettings.FileName))
                ? []
                : [$"There is no {StanfordSettings.FileName} in the checkpoint: prefixes and lengths are the defaults."],
        };
    }

    private static void RefuseOverrides(SettingsFile transformer)
    {
        foreach (string part in Overrides)
            if (transformer.Object(part) is { } values && values.Fields.FirstOrDefault(field => !Inert.Contains(field)) is { } field)
                throw values.Unsupported(field);
    }

    // The directions of the tokenizer's own blocks count where no other file names a side (docs/semantics.md, rule 4); an exported
    // tokenizer.json has no such blocks.
    private static ColbertSettings WithSides(ColbertSettings settings, string backbone)
    {
        if (settings is { TruncationSide.Value: not null, PaddingSide.Value: not null }
            || SettingsFile.Read(backbone, ModelFiles.Tokenizer) is not { } tokenizer)
            return settings;
        Setting<TokenSide?> SideOf(string block, Setting<TokenSide?> named) =>
            named.Value is null && tokenizer.Object(block)?.Text("direction") is { } direction
                ? new(direction == "Left" ? TokenSide.Left : TokenSide.Right, tokenizer.Name)
                : named;
        return settings with
        {
            TruncationSide = SideOf("truncation", settings.TruncationSide),
            PaddingSide = SideOf("padding", settings.PaddingSide),
        };
    }

    private static ColbertException NoProjection(string folder, string why) => new(
        ColbertErrorId.ModelIncomplete,
        $"The checkpoint '{folder}' has no projection to ColBERT's dimension: {why}. (PyLate would make one with random weights.)",
        folder,
        "Train the model with PyLate or sentence-transformers first, and give the folder that it saved.");
}
