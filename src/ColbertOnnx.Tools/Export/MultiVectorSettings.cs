using ColbertOnnx.Modeling;
namespace ColbertOnnx.Export;

/// <summary>
/// The settings of a checkpoint of sentence-transformers 6. The prompts hold the prefixes as text, the Transformer's file the
/// lengths and the expansion, and mask and pooling are modules. What no file says has this format's meaning, not PyLate's:
/// no prefix, no skiplist, no expansion, lengths as long as the model takes.
/// </summary>
internal sealed class MultiVectorSettings
{
    private const string Query = "query", Document = "document";
    private static readonly string[] ExpansionFields = ["strategy", "attend", "token", "length"];

    private readonly ModuleList modules;
    private readonly SettingsFile settings;
    private readonly SettingsFile? transformer, tokenizer, config, expansion;

    public MultiVectorSettings(SettingsFile settings, ModuleList modules, SettingsFile? transformer)
    {
        (this.settings, this.modules, this.transformer) = (settings, modules, transformer);
        tokenizer = SettingsReader.ReadTokenizer(modules.Backbone);
        config = SettingsFile.Read(modules.Backbone, "config.json");
        expansion = transformer?.Object("query_expansion");
        Refuse();
    }

    /// <summary>True where config_sentence_transformers.json says that a folder has this layout.</summary>
    public static bool Fits(SettingsFile? settings) => settings?.Text("model_type") == "MultiVectorEncoder";

    /// <summary>
    /// The tokenizer is to lower texts by a normalizer in front of its own: each code point alone, not as Python does it.
    /// </summary>
    public bool LowersInTokenizer => transformer?.Boolean("do_lower_case") ?? false;

    public NamedTokens? Tokens =>
        NamedTokens.Of(tokenizer) is { } names ? names with { Pad = null, Expansion = expansion?.Text("token") } : null;

    public ColbertSettings Read(ColbertModelOptions options)
    {
        // PyLate's defaults with the arguments; an argument stays whatever the files say.
        ColbertSettings plain = new SettingsReader([], transformer: null, tokenizer).ReadFiles(options);
        Setting<QueryExpansion> strategy = Expansion();
        Setting<bool> yes = new(true, settings.Name), no = new(false, settings.Name);
        return TextArguments.Apply(plain with
        {
            QueryPrefix = new("", settings.Name),
            DocumentPrefix = new("", settings.Name),
            QueryLength = Unless(plain.QueryLength, QueryLength()),
            DocumentLength = Unless(plain.DocumentLength, Length("document_length")),
            QueryExpansion = Unless(plain.QueryExpansion, strategy),
            ExpansionLength = IsMinimum ? new(ExpansionLength, transformer!.Name) : plain.ExpansionLength,
            PaddingSide = IsMinimum ? new(TokenSide.Right, transformer!.Name) : plain.PaddingSide,
            Skiplist = Unless(plain.Skiplist, Of(modules.Mask, f => f.Texts("skiplist_words"), [])),
            SkiplistTasks = Of(modules.Mask, f => f.Tasks("skiplist_tasks"), plain.SkiplistTasks.Value),
            DropUnknownSkiplistWords = yes,
            KeepOnlyTokenIds = Of(modules.Mask, f => f.Integers("keep_only_token_ids"), []),
            StripText = no,
            Prompts = Prompts(),
            DefaultPromptName = new(null, SettingSource.Default),
            QueryPromptName = new(Query, settings.Name),
            DocumentPromptName = new(Document, settings.Name),
            NormalizeEmbeddings = new(modules.HasNormalize, ModuleList.FileName),
            PoolFactor = Unless(plain.PoolFactor, Of(modules.Pooling, f => f.Number("pool_factor", 1), 1)),
            ProtectedTokens = Unless(plain.ProtectedTokens, Of(modules.Pooling, f => f.Integer("num_protected_tokens", 0), 1)),
            PoolTasks = Of(modules.Pooling, f => f.Tasks("tasks"), plain.PoolTasks.Value),
            NormalizePooledEmbeddings = modules.Pooling is null
                ? plain.NormalizePooledEmbeddings
                : Of(modules.Pooling, f => f.Boolean("normalize_embeddings"), true),
        }, options);
    }

    private int ExpansionLength => expansion!.Integer("length", 1) ?? throw expansion.Invalid("length", "is missing");

    /// <summary>
    /// Short queries are expanded, long ones stay as they are. The tokenizer has no part in it, so that its padding side has none.
    /// </summary>
    private bool IsMinimum => expansion?.Text("strategy") == "min";

    // Expansion with a fixed length is PyLate's: as many tokens as the limit.
    private Setting<int> QueryLength()
    {
        if (expansion is null || IsMinimum) return Length("query_length");
        return new(ExpansionLength, transformer!.Name);
    }

    private Setting<int> Length(string field)
    {
        if (transformer?.Limit(field) is { } length) return new(length, transformer.Name);
        if (transformer?.Limit("max_seq_length") is { } most) return new(most, transformer.Name);
        int tokens = tokenizer?.Limit("model_max_length") ?? int.MaxValue,
            positions = config?.Limit("max_position_embeddings") ?? int.MaxValue;
        return tokens <= positions ? new(tokens, tokenizer?.Name ?? SettingSource.Default) : new(positions, config!.Name);
    }

    // Without a mask module the expansion tokens give no token vectors unless they are attended to.
    private Setting<QueryExpansion> Expansion()
    {
        if (expansion is null) return new(QueryExpansion.Off, transformer?.Name ?? SettingSource.Default);
        QueryExpansion unattended = modules.Mask is null ? QueryExpansion.Off : QueryExpansion.On;
        return new(expansion.Boolean("attend") == true ? QueryExpansion.Attend : unattended, expansion.Name);
    }

    // Both names are always there, so that the default prompt is never asked for.
    private Setting<IReadOnlyDictionary<string, string>> Prompts()
    {
        IReadOnlyDictionary<string, string> given = settings.Map("prompts") ?? new Dictionary<string, string>();
        var prompts = new Dictionary<string, string>(given, StringComparer.Ordinal);
        prompts.TryAdd(Query, "");
        prompts.TryAdd(Document, "");
        if (settings.Text("default_prompt_name") is { } name && !prompts.ContainsKey(name))
            throw settings.Invalid("default_prompt_name", $"is '{name}', but there is no such prompt under prompts");
        return new(prompts, settings.Name);
    }

    private void Refuse()
    {
        if (transformer?.Text("transformer_task") is { } task and not "feature-extraction")
            throw transformer.Invalid("transformer_task", $"is '{task}', and only feature-extraction is supported");
        if (transformer?.Object("processing_kwargs") is { } processing && processing.Fields.Any())
            throw transformer.Invalid("processing_kwargs", "is not supported");
        if (expansion is null) return;

        if (expansion.Fields.FirstOrDefault(field => !ExpansionFields.Contains(field)) is { } unknown)
            throw expansion.Invalid(unknown, "is not known");
        if (expansion.Text("strategy") is not ("fixed" or "min")) throw expansion.Invalid("strategy", "must be fixed or min");
        if (transformer!.Limit("query_length") < ExpansionLength)
            throw transformer.Invalid("query_length", "is less than query_expansion.length");
    }

    private static Setting<T> Unless<T>(Setting<T> argument, Setting<T> read) =>
        argument.Source == SettingSource.Argument ? argument : read;

    private static Setting<T> Of<T>(SettingsFile? file, Func<SettingsFile, T?> read, T silent)
        where T : class => file is not null && read(file) is { } value ? new(value, file.Name) : new(silent, SettingSource.Default);

    private static Setting<T> Of<T>(SettingsFile? file, Func<SettingsFile, T?> read, T silent)
        where T : struct => file is not null && read(file) is { } value ? new(value, file.Name) : new(silent, SettingSource.Default);
}
