using System.Globalization;

namespace ColbertOnnx;

/// <summary>
/// What a model folder says about encoding, each value with its source. An argument beats the files, the files beat the
/// default; among the files onnx_config.json beats config_sentence_transformers.json, field by field. Each value names its
/// key, which is the same in both.
/// </summary>
public sealed record ColbertSettings
{
    /// <summary><c>query_prefix</c>: text of the token that marks a query; empty: none. Default <c>"[Q] "</c>.</summary>
    public required Setting<string> QueryPrefix { get; init; }

    /// <summary><c>document_prefix</c>: text of the token that marks a document; empty: none. Default <c>"[D] "</c>.</summary>
    public required Setting<string> DocumentPrefix { get; init; }

    /// <summary><c>query_prefix_id</c>: id of the query prefix; null: what the tokenizer says.</summary>
    public required Setting<int?> QueryPrefixId { get; init; }

    /// <summary><c>document_prefix_id</c>: id of the document prefix; null: what the tokenizer says.</summary>
    public required Setting<int?> DocumentPrefixId { get; init; }

    /// <summary>
    /// <c>query_length</c>: most tokens of a query; with expansion, and where <see cref="ExpansionLength"/> says nothing else, exactly as
    /// many. Default 32.
    /// </summary>
    public required Setting<int> QueryLength { get; init; }

    /// <summary><c>document_length</c>: most tokens of a document. Default 180.</summary>
    public required Setting<int> DocumentLength { get; init; }

    /// <summary>
    /// <c>do_query_expansion</c> and <c>attend_to_expansion_tokens</c>. Default <see cref="ColbertOnnx.QueryExpansion.On"/>.
    /// </summary>
    public required Setting<QueryExpansion> QueryExpansion { get; init; }

    /// <summary>
    /// <c>query_expansion_length</c>: queries with fewer tokens are expanded to this many; null, as in PyLate: to
    /// <see cref="QueryLength"/>.
    /// </summary>
    public required Setting<int?> ExpansionLength { get; init; }

    /// <summary>
    /// <c>skiplist_words</c>: words whose token vectors are left out of documents. Default: the 32 characters of Python's
    /// string.punctuation.
    /// </summary>
    public required Setting<IReadOnlyList<string>> Skiplist { get; init; }

    /// <summary><c>skiplist_tasks</c>: the kinds of text that the skiplist is for. Default: documents.</summary>
    public required Setting<IReadOnlyList<TextKind>> SkiplistTasks { get; init; }

    /// <summary>
    /// <c>drop_unknown_skiplist_words</c>: a skiplist word outside the vocabulary: false (default, PyLate) stands for the unknown token,
    /// true (sentence-transformers 6) is left out with a warning.
    /// </summary>
    public required Setting<bool> DropUnknownSkiplistWords { get; init; }

    /// <summary><c>keep_only_token_ids</c>: the only token ids whose vectors documents keep; empty (default): all.</summary>
    public required Setting<IReadOnlyList<int>> KeepOnlyTokenIds { get; init; }

    /// <summary><c>embedding_dim</c>: dimension of a token vector; null: what the graph says.</summary>
    public required Setting<int?> Dimension { get; init; }

    /// <summary><c>positions</c>: most tokens of a sequence that the graph has positions for; null: any number, or not known.</summary>
    public required Setting<int?> Positions { get; init; }

    /// <summary><c>mask_token_id</c>: id of the token that expands queries; null: what the tokenizer says.</summary>
    public required Setting<int?> MaskTokenId { get; init; }

    /// <summary><c>pad_token_id</c>: id of the token that pads sequences; null: what the tokenizer says.</summary>
    public required Setting<int?> PadTokenId { get; init; }

    /// <summary>
    /// <c>unk_token_id</c>: id that stands for skiplist words outside the vocabulary; null: what the tokenizer says.
    /// </summary>
    public required Setting<int?> UnknownTokenId { get; init; }

    /// <summary>
    /// <c>strip_text</c>: take blanks off both ends of prompt and text, as Python's str.strip does it. Default true; sentence-transformers
    /// 6 does not.
    /// </summary>
    public required Setting<bool> StripText { get; init; }

    /// <summary><c>do_lower_case</c>: lower the text before the tokenizer, as Python's str.lower does it. Default false.</summary>
    public required Setting<bool> LowerCase { get; init; }

    /// <summary><c>uses_token_type_ids</c>: whether the graph takes token_type_ids; null: what the graph says.</summary>
    public required Setting<bool?> UsesTokenTypeIds { get; init; }

    /// <summary><c>prompt</c>: the text in front of every text, whatever the names below say; null: what they say.</summary>
    public required Setting<string?> Prompt { get; init; }

    /// <summary><c>prompts</c>: texts that may go in front of a text, by name.</summary>
    public required Setting<IReadOnlyDictionary<string, string>> Prompts { get; init; }

    /// <summary><c>default_prompt_name</c>: the prompt that goes in front of every text; null: none.</summary>
    public required Setting<string?> DefaultPromptName { get; init; }

    /// <summary>
    /// <c>query_prompt_name</c>: the prompt that goes in front of queries instead; null: <see cref="DefaultPromptName"/>.
    /// </summary>
    public required Setting<string?> QueryPromptName { get; init; }

    /// <summary>
    /// <c>document_prompt_name</c>: the prompt that goes in front of documents instead; null: <see cref="DefaultPromptName"/>.
    /// </summary>
    public required Setting<string?> DocumentPromptName { get; init; }

    /// <summary><c>truncation_side</c>: which end of a long text is cut; null: what tokenizer.json says.</summary>
    public required Setting<TokenSide?> TruncationSide { get; init; }

    /// <summary><c>padding_side</c>: where expansion tokens go; null: what tokenizer.json says.</summary>
    public required Setting<TokenSide?> PaddingSide { get; init; }

    /// <summary><c>normalize_embeddings</c>: divide every token vector by its L2 norm. Default true.</summary>
    public required Setting<bool> NormalizeEmbeddings { get; init; }

    /// <summary><c>pool_factor</c>: documents keep about one token vector of this many. Default 1: no pooling.</summary>
    public required Setting<double> PoolFactor { get; init; }

    /// <summary><c>num_protected_tokens</c>: leading token vectors that pooling leaves alone. Default 1.</summary>
    public required Setting<int> ProtectedTokens { get; init; }

    /// <summary><c>pool_tasks</c>: the kinds of text that are pooled. Default: documents.</summary>
    public required Setting<IReadOnlyList<TextKind>> PoolTasks { get; init; }

    /// <summary><c>normalize_pooled_embeddings</c>: divide pooled vectors by their L2 norm as well. Default false.</summary>
    public required Setting<bool> NormalizePooledEmbeddings { get; init; }

    /// <summary>What goes in front of queries in the end; empty: nothing.</summary>
    public Setting<string> QueryPrompt => InFront(QueryPromptName);

    /// <summary>What goes in front of documents in the end; empty: nothing.</summary>
    public Setting<string> DocumentPrompt => InFront(DocumentPromptName);

    /// <summary>One line for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"queries of {QueryLength.Value} tokens, expansion {QueryExpansion.Value}; documents of {DocumentLength.Value}, "
            + $"{Skiplist.Value.Count} words skipped, pool factor {PoolFactor.Value}");

    private Setting<string> InFront(Setting<string?> name)
    {
        if (Prompt.Value is { } text) return new(text, Prompt.Source);
        Setting<string?> chosen = name.Value is null ? DefaultPromptName : name;
        return chosen.Value is null ? new("", chosen.Source) : new(Prompts.Value[chosen.Value], chosen.Source);
    }
}
