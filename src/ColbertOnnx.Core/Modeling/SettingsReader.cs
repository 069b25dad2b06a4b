namespace ColbertOnnx.Modeling;

/// <summary>Reads the settings files of a folder, in their order of precedence, into <see cref="ColbertSettings"/>.</summary>
/// <remarks>
/// A field that no file gives has the meaning that it has in PyLate (docs/semantics.md, rule 9: 32, 180, string.punctuation), in
/// onnx_config.json as well. The Rust encoder reads a missing field there as 48, 300 and no skiplist; its exporters always
/// write those fields, so that only a hand-made file can tell the difference, and such a file stands for a PyLate model.
/// </remarks>
internal sealed class SettingsReader
{
    public const string New = "onnx_config.json";
    public const string Old = "config_sentence_transformers.json";

    // The names that sentence-transformers looks for, in its order.
    private static readonly string[] TransformerFiles =
    [
        "sentence_bert_config.json", "sentence_roberta_config.json", "sentence_distilbert_config.json", "sentence_camembert_config.json",
        "sentence_albert_config.json", "sentence_xlm-roberta_config.json", "sentence_xlnet_config.json",
    ];

    private readonly SettingsFile[] files;
    private readonly SettingsFile? transformer;
    private readonly SettingsFile? tokenizer;
    private readonly string queryPrefix, documentPrefix;

    /// <summary>An exported folder.</summary>
    public SettingsReader(string folder)
        : this([SettingsFile.Read(folder, New), SettingsFile.Read(folder, Old)], ReadTransformer(folder), ReadTokenizer(folder))
    {
    }

    /// <summary>Files in their order of precedence; those that are not there may be null.</summary>
    public SettingsReader(
        IEnumerable<SettingsFile?> files, SettingsFile? transformer, SettingsFile? tokenizer, string queryPrefix = "[Q] ",
        string documentPrefix = "[D] ")
    {
        this.files = [.. files.OfType<SettingsFile>()];
        this.transformer = transformer;
        this.tokenizer = tokenizer;
        this.queryPrefix = queryPrefix;
        this.documentPrefix = documentPrefix;
    }

    /// <summary>What sentence-transformers says about its Transformer module; null without such a file.</summary>
    public static SettingsFile? ReadTransformer(string folder) =>
        TransformerFiles.Select(name => SettingsFile.Read(folder, name)).FirstOrDefault(file => file is not null);

    public static SettingsFile? ReadTokenizer(string folder) => SettingsFile.Read(folder, "tokenizer_config.json");

    /// <summary>False when the folder has neither of the two files that describe a ColBERT model.</summary>
    public bool HasSettings => files.Length > 0;

    public ColbertSettings Read(ColbertModelOptions options) => TextArguments.Apply(ReadFiles(options), options);

    /// <summary>Without the arguments for prefixes and prompts, which may need what another file says.</summary>
    public ColbertSettings ReadFiles(ColbertModelOptions options) => new()
    {
        QueryPrefix = Find(f => f.Text("query_prefix"), queryPrefix),
        DocumentPrefix = Find(f => f.Text("document_prefix"), documentPrefix),
        QueryPrefixId = FindId("query_prefix_id"),
        DocumentPrefixId = FindId("document_prefix_id"),
        QueryLength = Argument(options.QueryLength, nameof(options.QueryLength), 1) ?? FindNumber("query_length", 32),
        DocumentLength = Argument(options.DocumentLength, nameof(options.DocumentLength), 1) ?? FindNumber("document_length", 180),
        QueryExpansion = options.QueryExpansion is { } expansion ? new(expansion, SettingSource.Argument) : FindExpansion(),
        ExpansionLength = FindOrNull(f => f.Integer("query_expansion_length", 1)),
        Skiplist = options.Skiplist is { } words ? new(words, SettingSource.Argument) : Find(f => f.Texts("skiplist_words"), Punctuation),
        SkiplistTasks = Find(f => f.Tasks("skiplist_tasks"), Documents),
        DropUnknownSkiplistWords = FindFlag("drop_unknown_skiplist_words", false),
        KeepOnlyTokenIds = Find(f => f.Integers("keep_only_token_ids"), []),
        Dimension = FindOrNull(f => f.Integer("embedding_dim", 1)),
        Positions = FindOrNull(f => f.Integer("positions", 1)),
        MaskTokenId = FindId("mask_token_id"),
        PadTokenId = FindId("pad_token_id"),
        UnknownTokenId = FindId("unk_token_id"),
        StripText = FindFlag("strip_text", true),
        LowerCase = FindFlag("do_lower_case", false, transformer),
        UsesTokenTypeIds = FindOrNull(f => f.Boolean("uses_token_type_ids")),
        Prompt = FindText("prompt"),
        Prompts = Find(f => f.Map("prompts"), new Dictionary<string, string>()),
        DefaultPromptName = FindPromptName("default_prompt_name"),
        QueryPromptName = FindPromptName("query_prompt_name"),
        DocumentPromptName = FindPromptName("document_prompt_name"),
        TruncationSide = FindSide("truncation_side"),
        PaddingSide = FindSide("padding_side"),
        NormalizeEmbeddings = FindFlag("normalize_embeddings", true),
        PoolFactor = Argument(options.PoolFactor, nameof(options.PoolFactor), 1) is { } factor
            ? new(factor.Value, factor.Source)
            : Or(FindOrNull(f => f.Number("pool_factor", 1)), 1),
        ProtectedTokens = Argument(options.ProtectedTokens, nameof(options.ProtectedTokens), 0)
            ?? Or(FindOrNull(f => f.Integer("num_protected_tokens", 0)), 1),
        PoolTasks = Find(f => f.Tasks("pool_tasks"), Documents),
        NormalizePooledEmbeddings = FindFlag("normalize_pooled_embeddings", false),
    };

    /// <summary>The named tokens of tokenizer_config.json, null where it has none; null as a whole when the file is not there.</summary>
    public NamedTokens? Tokens() => NamedTokens.Of(tokenizer);

    private static IReadOnlyList<TextKind> Documents { get; } = [TextKind.Document];

    private static IReadOnlyList<string> Punctuation { get; } = [.. "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~".Select(c => c.ToString())];

    private Setting<T> Find<T>(Func<SettingsFile, T?> read, T fallback)
        where T : class
    {
        foreach (SettingsFile file in files)
            if (read(file) is { } value) return new(value, file.Name);
        return new(fallback, SettingSource.Default);
    }

    private Setting<T?> FindOrNull<T>(Func<SettingsFile, T?> read, SettingsFile? last = null)
        where T : struct
    {
        foreach (SettingsFile? file in files.Append(last))
            if (file is not null && read(file) is { } value) return new(value, file.Name);
        return new(null, SettingSource.Default);
    }

    private Setting<int?> FindId(string field) => FindOrNull(f => f.Integer(field, 0));

    private Setting<int> FindNumber(string field, int fallback) => Or(FindOrNull(f => f.Integer(field, 1)), fallback);

    private Setting<bool> FindFlag(string field, bool fallback, SettingsFile? last = null) =>
        Or(FindOrNull(f => f.Boolean(field), last), fallback);

    private static Setting<T> Or<T>(Setting<T?> found, T fallback)
        where T : struct => new(found.Value ?? fallback, found.Source);

    private static Setting<int>? Argument(int? value, string name, int smallest)
    {
        GivenNumber.Check(smallest, value, name);
        return value is { } number ? new(number, SettingSource.Argument) : null;
    }

    // attend_to_expansion_tokens has no effect without expansion.
    private Setting<QueryExpansion> FindExpansion()
    {
        Setting<bool?> expand = FindOrNull(f => f.Boolean("do_query_expansion"));
        Setting<bool?> attend = FindOrNull(f => f.Boolean("attend_to_expansion_tokens"));
        if (expand.Value == false) return new(QueryExpansion.Off, expand.Source);
        return attend.Value == true
            ? new(QueryExpansion.Attend, attend.Source)
            : new(QueryExpansion.On, expand.Value is null ? attend.Source : expand.Source);
    }

    private Setting<string?> FindText(string field)
    {
        foreach (SettingsFile file in files)
            if (file.Text(field) is { } text) return new(text, file.Name);
        return new(null, SettingSource.Default);
    }

    private Setting<string?> FindPromptName(string field)
    {
        foreach (SettingsFile file in files)
        {
            if (file.Text(field) is not { } name) continue;
            return Find(f => f.Map("prompts"), new Dictionary<string, string>()).Value.ContainsKey(name)
                ? new(name, file.Name)
                : throw file.Invalid(field, $"is '{name}', but there is no such prompt under prompts");
        }

        return new(null, SettingSource.Default);
    }

    private Setting<TokenSide?> FindSide(string field) => FindOrNull(
        f => f.Text(field) switch
        {
            null => (TokenSide?)null,
            "left" => TokenSide.Left,
            "right" => TokenSide.Right,
            var other => throw f.Invalid(field, $"is '{other}', and must be left or right"),
        },
        tokenizer);
}
