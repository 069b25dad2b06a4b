using System.Text.Json.Nodes;

namespace ColbertOnnx.Export.Tokenizers;

/// <summary>
/// A tokenizer class of transformers 5.3: from vocabulary and merges of the file and the options of tokenizer_config.json it builds
/// everything else anew. Each was read in its tokenization_*.py and compared with what it saves.
/// </summary>
internal abstract class TokenizerClass
{
    /// <summary>The class's name without Fast.</summary>
    public abstract string Name { get; }

    /// <summary>The type of model that the class makes.</summary>
    public abstract string ModelType { get; }

    /// <summary>The special tokens that the class has where the configuration names no others.</summary>
    public abstract IReadOnlyDictionary<string, string> Defaults { get; }

    /// <summary>Whether the mask token takes the blank on its left with it where nothing else says so.</summary>
    public virtual bool MaskStripsLeft => false;

    /// <summary>Whether the class can be made of vocab.txt alone.</summary>
    public bool ReadsVocabularyText => ModelType == "WordPiece";

    /// <summary>Replaces the parts that the class does not take from the file.</summary>
    public void Rebuild(TokenizerSource source, ClassOptions options)
    {
        if (source.ModelType != ModelType) throw source.Unsupported($"$.model is {source.ModelType}, of which {Name} makes no tokenizer");
        Build(source, options);
    }

    protected abstract void Build(TokenizerSource source, ClassOptions options);

    /// <summary>CLS, text, SEP; the pair as the class has it, for other readers of the file.</summary>
    protected static JsonObject Template(ClassOptions options, string before, string after, bool doubled, int secondType)
    {
        // JsonNode: what JsonArray.Add takes of any other type, a trimmed program may not be able to write.
        JsonNode Special(string token, int type) =>
            new JsonObject { ["SpecialToken"] = new JsonObject { ["id"] = token, ["type_id"] = type } };
        JsonNode Text(string id, int type) => new JsonObject { ["Sequence"] = new JsonObject { ["id"] = id, ["type_id"] = type } };
        JsonArray pair = [Special(before, 0), Text("A", 0), Special(after, 0)];
        if (doubled) pair.Add(Special(after, 0));
        pair.Add(Text("B", secondType));
        pair.Add(Special(after, secondType));
        var tokens = new JsonObject();
        foreach (string token in new[] { before, after }.Order(StringComparer.Ordinal).Distinct())
            tokens[token] = new JsonObject
            {
                ["id"] = token,
                ["ids"] = new JsonArray(options.IdOf(token)),
                ["tokens"] = new JsonArray(token),
            };
        return new JsonObject
        {
            ["type"] = "TemplateProcessing",
            ["single"] = new JsonArray(Special(before, 0), Text("A", 0), Special(after, 0)),
            ["pair"] = pair,
            ["special_tokens"] = tokens,
        };
    }

    protected static JsonObject Sequence(string field, params JsonNode[] parts) =>
        new() { ["type"] = "Sequence", [field] = new JsonArray(parts) };

    protected static JsonObject Part(string type) => new() { ["type"] = type };

    protected static JsonObject Replace(string kind, string pattern, string content) =>
        new() { ["type"] = "Replace", ["pattern"] = new JsonObject { [kind] = pattern }, ["content"] = content };

    protected static JsonObject Metaspace(string prependScheme) =>
        new() { ["type"] = "Metaspace", ["replacement"] = "\u2581", ["prepend_scheme"] = prependScheme, ["split"] = true };

    protected static JsonObject ByteLevel(bool addPrefixSpace, bool useRegex) =>
        new() { ["type"] = "ByteLevel", ["add_prefix_space"] = addPrefixSpace, ["trim_offsets"] = true, ["use_regex"] = useRegex };
}
