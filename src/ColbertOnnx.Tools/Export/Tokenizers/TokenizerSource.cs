using System.Text.Json;
using System.Text.Json.Nodes;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Export.Tokenizers;

/// <summary>
/// A tokenizer.json in the making: its parts as nodes in the order of the file, vocab and merges as the bytes that they are.
/// </summary>
internal sealed partial class TokenizerSource
{
    private readonly string path;
    private readonly JsonObject root;
    private readonly Dictionary<string, ReadOnlyMemory<byte>> giants;

    private TokenizerSource(string path, JsonObject root, Dictionary<string, ReadOnlyMemory<byte>> giants) =>
        (this.path, this.root, this.giants) = (path, root, giants);

    /// <summary>The model's type; files of the first versions do not name it, but its fields do.</summary>
    public string? ModelType => Model["type"] is { } type ? Guard(type.GetValue<string>)
        : Model.ContainsKey("merges") ? "BPE"
        : Model.ContainsKey("max_input_chars_per_word") ? "WordPiece"
        : Model.ContainsKey("unk_token") ? "WordLevel"
        : "Unigram";

    private JsonObject Model => root["model"] as JsonObject ?? throw Invalid("$.model must be an object");

    /// <summary>Whether a part is there and not null.</summary>
    public bool Has(string part) => root[part] is not null;

    /// <summary>Replaces a part where it stands.</summary>
    public void Set(string part, JsonNode? value) => root[part] = value;

    /// <summary>Replaces the model's options; vocab and merges stay where they are named.</summary>
    public void SetModel(JsonObject options) => root["model"] = options;

    public VocabularyIndex ReadVocabulary() => giants.TryGetValue("vocab", out ReadOnlyMemory<byte> vocabulary)
        ? Guard(() => VocabularyIndex.Read(vocabulary.Span))
        : throw Invalid("$.model lacks 'vocab'");

    /// <summary>The file's own added tokens, in its order.</summary>
    public IReadOnlyList<(int Id, AddedToken Token)> ReadAddedTokens() =>
        root["added_tokens"] is null ? [] : Guard(() => root["added_tokens"]!.AsArray().Select(Read).ToList());

    /// <summary>A copy of the normalizer that holds a precompiled map, alone or in a sequence; null when there is none.</summary>
    public JsonNode? FindPrecompiled() => FindNormalizer("Precompiled")?.DeepClone();

    /// <summary>Puts a Lowercase normalizer in front, unless there is one.</summary>
    public void LowerFirst()
    {
        if (FindNormalizer("Lowercase") is not null) return;
        var steps = new JsonArray(new JsonObject { ["type"] = "Lowercase" });
        if (root["normalizer"] is { } own) steps.Add(own.DeepClone());
        root["normalizer"] = new JsonObject { ["type"] = "Sequence", ["normalizers"] = steps };
    }

    public ColbertException Unsupported(string what) =>
        new(
            ColbertErrorId.TokenizerUnsupported, $"'{path}': {what}.", path,
            "Set tokenizer_class of tokenizer_config.json to PreTrainedTokenizerFast if tokenizer.json holds as it is.");

    private JsonNode? FindNormalizer(string type) => Guard(() =>
    {
        if (root["normalizer"] is not JsonObject normalizer) return null;
        if ((string?)normalizer["type"] == type) return normalizer;
        return normalizer["normalizers"]?.AsArray().FirstOrDefault(part => (string?)part?["type"] == type);
    });

    private ColbertException Invalid(string what, Exception? inner = null) => Invalid(path, what, inner);

    private static ColbertException Invalid(string path, string what, Exception? inner = null) =>
        new(ColbertErrorId.TokenizerInvalid, $"'{path}': {what}.", path, "Download or export the file again.", inner);

    private T Guard<T>(Func<T> read) => Guard(path, read);

    // What a file of another shape throws: nodes of another kind, numbers out of range, names that come twice, text that is not Unicode.
    private static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw Invalid(path, $"this is not a valid tokenizer.json: {e.Message.TrimEnd('.')}", e);
        }
    }

    private static (int Id, AddedToken Token) Read(JsonNode? node)
    {
        return (Field("id").GetValue<int>(), new AddedToken(Field("content").GetValue<string>())
        {
            SingleWord = Field("single_word").GetValue<bool>(),
            LStrip = Field("lstrip").GetValue<bool>(),
            RStrip = Field("rstrip").GetValue<bool>(),
            Normalized = Field("normalized").GetValue<bool>(),
            Special = Field("special").GetValue<bool>(),
        });

        JsonNode Field(string name) => node?[name] ?? throw new JsonException($"an added token lacks {name}");
    }
}
