using System.Globalization;

namespace ColbertOnnx;

/// <summary>
/// What a model folder says about encoding, each value with its source. An argument beats the files, the files beat the
/// default; among the files onnx_config.json beats config_sentence_transformers.json, field by field.
/// </summary>
public sealed record ColbertSettings
{
    /// <summary>Text of the token that marks a query; empty: none. Default <c>"[Q] "</c>.</summary>
    public required Setting<string> QueryPrefix { get; init; }

    /// <summary>Text of the token that marks a document; empty: none. Default <c>"[D] "</c>.</summary>
    public required Setting<string> DocumentPrefix { get; init; }

    /// <summary>Id of the query prefix; null: what the tokenizer says.</summary>
    public required Setting<int?> QueryPrefixId { get; init; }

    /// <summary>Id of the document prefix; null: what the tokenizer says.</summary>
    public required Setting<int?> DocumentPrefixId { get; init; }

    /// <summary>
    /// Most tokens of a query; with expansion, and where <see cref="ExpansionLength"/> says nothing else, exactly as many. Default 32.
    /// </summary>
    public required Setting<int> QueryLength { get; init; }

    /// <summary>Most tokens of a document. Default 180.</summary>
    public required Setting<int> DocumentLength { get; init; }

    /// <summary>Default <see cref="ColbertOnnx.QueryExpansion.On"/>.</summary>
    public required Setting<QueryExpansion> QueryExpansion { get; init; }

    /// <summary>Queries with fewer tokens are expanded to this many; null, as in PyLate: to <see cref="QueryLength"/>.</summary>
    public required Setting<int?> ExpansionLength { get; init; }

    /// <summary>Words whose rows are left out of documents. Default: the 32 characters of Python's string.punctuation.</summary>
    public required Setting<IReadOnlyList<string>> Skiplist { get; init; }

    /// <summary>The kinds of text that the skiplist is for. Default: documents.</summary>
    public required Setting<IReadOnlyList<TextKind>> SkiplistTasks { get; init; }

    /// <summary>
    /// A skiplist word outside the vocabulary: false (default, PyLate) stands for the unknown token, true
    /// (sentence-transformers 6) is left out with a warning.
    /// </summary>
    public required Setting<bool> DropUnknownSkiplistWords { get; init; }

    /// <summary>The only token ids whose rows documents keep; empty (default): all.</summary>
    public required Setting<IReadOnlyList<int>> KeepOnlyTokenIds { get; init; }

    /// <summary>Columns of a row; null: what the graph says.</summary>
    public required Setting<int?> Dimension { get; init; }

    /// <summary>Most tokens of a row that the graph has positions for; null: any number, or not known.</summary>
    public required Setting<int?> Positions { get; init; }

    /// <summary>Id of the token that expands queries; null: what the tokenizer says.</summary>
    public required Setting<int?> MaskTokenId { get; init; }

    /// <summary>Id of the token that fills up a batch; null: what the tokenizer says.</summary>
    public required Setting<int?> PadTokenId { get; init; }

    /// <summary>Id that stands for skiplist words outside the vocabulary; null: what the tokenizer says.</summary>
    public required Setting<int?> UnknownTokenId { get; init; }

    /// <summary>
    /// Take blanks off both ends of prompt and text, as Python's str.strip does it. Default true; sentence-transformers 6 does not.
    /// </summary>
    public required Setting<bool> StripText { get; init; }

    /// <summary>Lower the text before the tokenizer, as Python's str.lower does it. Default false.</summary>
    public required Setting<bool> LowerCase { get; init; }

    /// <summary>Whether the graph takes token_type_ids; null: what the graph says.</summary>
    public required Setting<bool?> UsesTokenTypeIds { get; init; }

    /// <summary>The text that goes in front of every text, whatever the names below say; null: what they say.</summary>
    public required Setting<string?> Prompt { get; init; }

    /// <summary>Texts that may go in front of a text, by name.</summary>
    public required Setting<IReadOnlyDictionary<string, string>> Prompts { get; init; }

    /// <summary>The prompt that goes in front of every text; null: none.</summary>
    public required Setting<string?> DefaultPromptName { get; init; }

    /// <summary>The prompt that goes in front of queries instead; null: <see cref="DefaultPromptName"/>.</summary>
    public required Setting<string?> QueryPromptName { get; init; }

    /// <summary>The prompt that goes in front of documents instead; null: <see cref="DefaultPromptName"/>.</summary>
    public required Setting<string?> DocumentPromptName { get; init; }

    /// <summary>Which end of a long text is cut; null: what tokenizer.json says.</summary>
    public required Setting<TokenSide?> TruncationSide { get; init; }

    /// <summary>Where expansion tokens go; null: what tokenizer.json says.</summary>
    public required Setting<TokenSide?> PaddingSide { get; init; }

    /// <summary>Divide every row by its L2 norm. Default true.</summary>
    public required Setting<bool> NormalizeEmbeddings { get; init; }

    /// <summary>Documents keep about one row of this many. Default 1: no pooling.</summary>
    public required Setting<double> PoolFactor { get; init; }

    /// <summary>Leading rows that pooling leaves alone. Default 1.</summary>
    public required Setting<int> ProtectedTokens { get; init; }

    /// <summary>The kinds of text that are pooled. Default: documents.</summary>
    public required Setting<IReadOnlyList<TextKind>> PoolTasks { get; init; }

    /// <summary>Divide the rows that pooling made by their L2 norm as well. Default false.</summary>
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
