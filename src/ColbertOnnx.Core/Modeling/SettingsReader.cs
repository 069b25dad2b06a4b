using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Modeling;

/// <summary>Reads the settings files of a folder, in their order of precedence, into <see cref="ColbertSettings"/>.</summary>
/// <remarks>
/// A field that no file gives has the meaning that it has in PyLate (rule 9: 32, 180, string.punctuation), in
/// onnx_config.json as well. The Rust encoder reads a missing field there as 48, 300 and no skiplist; its exporters always
/// write those fields, so that only a hand-made file can tell the difference, and such a file stands for a PyLate model.
/// </remarks>
internal sealed class SettingsReader
{
    public const string New = "onnx_config.json";
    public const string Old = "config_sentence_transformers.json";

    private readonly SettingsFile[] files;
    private readonly SettingsFile? sentenceBert;
    private readonly SettingsFile? tokenizer;

    public SettingsReader(string folder)
    {
        files = [.. new[] { New, Old }.Select(name => SettingsFile.Read(folder, name)).OfType<SettingsFile>()];
        sentenceBert = SettingsFile.Read(folder, "sentence_bert_config.json");
        tokenizer = SettingsFile.Read(folder, "tokenizer_config.json");
    }

    /// <summary>False when the folder has neither of the two files that describe a ColBERT model.</summary>
    public bool HasSettings => files.Length > 0;

    public ColbertSettings Read(ColbertModelOptions options) => new()
    {
        QueryPrefix = Find(f => f.Text("query_prefix"), "[Q] "),
        DocumentPrefix = Find(f => f.Text("document_prefix"), "[D] "),
        QueryPrefixId = FindId("query_prefix_id"),
        DocumentPrefixId = FindId("document_prefix_id"),
        QueryLength = Argument(options.QueryLength, nameof(options.QueryLength), 1) ?? FindNumber("query_length", 32),
        DocumentLength = Argument(options.DocumentLength, nameof(options.DocumentLength), 1) ?? FindNumber("document_length", 180),
        QueryExpansion = options.QueryExpansion is { } expansion ? new(expansion, SettingSource.Argument) : FindExpansion(),
        Skiplist = options.Skiplist is { } words ? new(words, SettingSource.Argument) : Find(f => f.Texts("skiplist_words"), Punctuation),
        Dimension = FindOrNull(f => f.Integer("embedding_dim", 1)),
        MaskTokenId = FindId("mask_token_id"),
        PadTokenId = FindId("pad_token_id"),
        UnknownTokenId = FindId("unk_token_id"),
        LowerCase = FindOrNull(f => f.Boolean("do_lower_case"), sentenceBert) is { Value: { } lower } found ? new(lower, found.Source) : new(false, SettingSource.Default),
        UsesTokenTypeIds = FindOrNull(f => f.Boolean("uses_token_type_ids")),
        Prompts = Find(f => f.Map("prompts"), new Dictionary<string, string>()),
        DefaultPromptName = FindPromptName(),
        TruncationSide = FindSide("truncation_side"),
        PaddingSide = FindSide("padding_side"),
        PoolFactor = Argument(options.PoolFactor, nameof(options.PoolFactor), 1) ?? new(1, SettingSource.Default),
        ProtectedTokens = Argument(options.ProtectedTokens, nameof(options.ProtectedTokens), 0) ?? new(1, SettingSource.Default),
    };

    /// <summary>The named tokens of tokenizer_config.json, null where it has none; null as a whole when the file is not there.</summary>
    public NamedTokens? Tokens() => tokenizer is null
        ? null
        : new(tokenizer.Token("mask_token"), tokenizer.Token("eos_token"), tokenizer.Token("pad_token"), tokenizer.Token("unk_token"));

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

    private Setting<int> FindNumber(string field, int fallback)
    {
        Setting<int?> found = FindOrNull(f => f.Integer(field, 1));
        return new(found.Value ?? fallback, found.Source);
    }

    private static Setting<int>? Argument(int? value, string name, int smallest)
    {
        if (value is not { } number) return null;
        return number >= smallest
            ? new(number, SettingSource.Argument)
            : throw new ColbertException(ColbertErrorId.InputInvalid, $"{name} is {number}, but the smallest that makes sense is {smallest}.", name, $"Give {name} a value of at least {smallest}.");
    }

    // attend_to_expansion_tokens has no effect without expansion.
    private Setting<QueryExpansion> FindExpansion()
    {
        Setting<bool?> expand = FindOrNull(f => f.Boolean("do_query_expansion"));
        Setting<bool?> attend = FindOrNull(f => f.Boolean("attend_to_expansion_tokens"));
        if (expand.Value == false) return new(QueryExpansion.Off, expand.Source);
        return attend.Value == true ? new(QueryExpansion.Attend, attend.Source) : new(QueryExpansion.On, expand.Value is null ? attend.Source : expand.Source);
    }

    private Setting<string?> FindPromptName()
    {
        foreach (SettingsFile file in files)
        {
            if (file.Text("default_prompt_name") is not { } name) continue;
            return Find(f => f.Map("prompts"), new Dictionary<string, string>()).Value.ContainsKey(name)
                ? new(name, file.Name)
                : throw file.Invalid("default_prompt_name", $"is '{name}', but there is no such prompt under prompts");
        }

        return new(null, SettingSource.Default);
    }

    private Setting<TruncationSide?> FindSide(string field) => tokenizer?.Text(field) switch
    {
        null => new(null, SettingSource.Default),
        "left" => new(TruncationSide.Left, tokenizer.Name),
        "right" => new(TruncationSide.Right, tokenizer.Name),
        var other => throw tokenizer.Invalid(field, $"is '{other}', and must be left or right"),
    };
}
