using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ColbertOnnx.Tokenization;

/// <summary>
/// A value of the file that knows its path, so that what is wrong or not known can be named. Each field that is read is
/// ticked off; <see cref="Finish"/> refuses what is left. The giants of a file, vocab, merges and added_tokens, stay unread bytes.
/// </summary>
internal sealed class TokenizerNode
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 128 };

    private readonly string source;
    private readonly object? value;
    private readonly HashSet<string> read = [];

    private TokenizerNode(string source, string path, JsonTokenType kind, object? value)
    {
        this.source = source;
        Path = path;
        Kind = kind;
        this.value = value;
    }

    public string Path { get; }

    public JsonTokenType Kind { get; }

    public bool IsNull => Kind == JsonTokenType.Null;

    public IReadOnlyList<TokenizerNode> Items => value as List<TokenizerNode> ?? throw Invalid("must be an array");

    public IReadOnlyDictionary<string, TokenizerNode> Fields =>
        value as Dictionary<string, TokenizerNode> ?? throw Invalid("must be an object");

    /// <summary>The bytes of vocab, merges or added_tokens.</summary>
    public ReadOnlyMemory<byte> Bytes => value is ReadOnlyMemory<byte> bytes ? bytes : throw Invalid("must be an array or an object");

    /// <summary>Reads the items of added_tokens, one at a time: a hundred thousand of them would be much as values that wait.</summary>
    public List<AddedToken> ReadAddedTokens()
    {
        var items = new List<AddedToken>();
        ReadOnlyMemory<byte> json = Bytes;
        var reader = new Utf8JsonReader(json.Span, Options);
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray) throw Invalid("must be an array");
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (items.Count == Limits.AddedTokens)
                    throw Unsupported(
                        FormattableString.Invariant(
                            $"has more than {Limits.AddedTokens:N0} items (the limit {nameof(Limits.AddedTokens)})"));
                Utf8JsonReader before = reader;
                AddedToken? token = AddedToken.TryRead(ref reader);
                if (token is null)
                {
                    reader = before;
                    int room = Limits.TokenizerValues;
                    token = AddedToken.Read(Read(ref reader, json, source, $"{Path}[{items.Count}]", isGiant: false, ref room));
                }

                items.Add(token);
            }

            return items;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw NotJson(source, e);
        }
    }

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.TokenizerInvalid"/>: this is not JSON.</exception>
    public static TokenizerNode Parse(ReadOnlyMemory<byte> json, string source)
    {
        if (json.Span.StartsWith(Encoding.UTF8.Preamble)) json = json[Encoding.UTF8.Preamble.Length..];
        var reader = new Utf8JsonReader(json.Span, Options);
        try
        {
            reader.Read();
            int room = Limits.TokenizerValues;
            TokenizerNode root = Read(ref reader, json, source, "$", isGiant: false, ref room);
            if (reader.Read()) throw root.Invalid("is followed by something else");
            return root;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw NotJson(source, e);
        }
    }

    private static ColbertException NotJson(string source, Exception e) =>
        new(ColbertErrorId.TokenizerInvalid, $"'{source}' is not valid JSON: {e.Message}", source, "Download or export the file again.", e);

    private static TokenizerNode Read(
        ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, string source, string path, bool isGiant, ref int room)
    {
        JsonTokenType kind = reader.TokenType;
        object? value = null;
        if (--room < 0)
        {
            throw new TokenizerNode(source, path, kind, null)
                .Unsupported(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"is one of more than {Limits.TokenizerValues:N0} values beside vocabulary, merges and added tokens, or "
                            + $"characters of expressions (the limit {nameof(Limits.TokenizerValues)})"));
        }

        switch (kind)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray when isGiant:
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                value = json[start..(int)reader.BytesConsumed];
                break;
            case JsonTokenType.StartObject:
                var fields = new Dictionary<string, TokenizerNode>(StringComparer.Ordinal);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    string name = reader.GetString()!;
                    reader.Read();
                    bool giant = path == "$.model" ? name is "vocab" or "merges" : path == "$" && name == "added_tokens";
                    TokenizerNode field = Read(ref reader, json, source, $"{path}.{name}", giant, ref room);
                    if (!fields.TryAdd(name, field)) throw field.Invalid("is there twice");
                }

                value = fields;
                break;
            case JsonTokenType.StartArray:
                var items = new List<TokenizerNode>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    items.Add(Read(ref reader, json, source, $"{path}[{items.Count}]", isGiant: false, ref room));
                value = items;
                break;
            case JsonTokenType.String:
                string text = reader.GetString()!;
                // Each may become an instruction and a set of characters, which take kilobytes. A longer one is refused where it is used.
                if (path.EndsWith(".Regex", StringComparison.Ordinal)) room -= Math.Min(text.Length, Limits.PatternLength);
                value = text;
                break;
            case JsonTokenType.Number:
                value = reader.GetDouble();
                break;
        }

        return new TokenizerNode(source, path, kind, value);
    }

    /// <summary>A field, or null when it is missing or null.</summary>
    public TokenizerNode? Find(string name)
    {
        read.Add(name);
        return Fields.TryGetValue(name, out TokenizerNode? node) && !node.IsNull ? node : null;
    }

    public TokenizerNode Get(string name) => Find(name) ?? throw Invalid($"lacks '{name}'");

    /// <summary>Refuses a field that nobody asked for: it may mean other ids.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.TokenizerUnsupported"/>.</exception>
    public void Finish()
    {
        foreach ((string name, TokenizerNode node) in Fields)
        {
            if (!read.Contains(name)) throw node.Unsupported("is a field that is not known");
        }
    }

    public bool Bool(string name, bool? missing = null) =>
        Find(name) is { } node ? node.AsBool() : missing ?? throw Invalid($"lacks '{name}'");

    public string String(string name) => Get(name).AsString();

    public int Int(string name) => Get(name).AsInt();

    /// <summary>A field that holds exactly one code point.</summary>
    public string Character(string name)
    {
        TokenizerNode node = Get(name);
        string text = node.AsString();
        return Rune.TryGetRuneAt(text, 0, out Rune rune) && rune.Utf16SequenceLength == text.Length
            ? text
            : throw node.Invalid("must be one character");
    }

    /// <summary>A field that holds a name out of an enumeration.</summary>
    public T Choice<T>(string name, T? missing = null, bool lowerCase = false)
        where T : struct, Enum
    {
        if (Find(name) is not { } node) return missing ?? throw Invalid($"lacks '{name}'");
        string text = node.AsString();
        foreach (T choice in Enum.GetValues<T>())
        {
            string known = choice.ToString();
            if (text == (lowerCase ? known.ToLowerInvariant() : known)) return choice;
        }

        throw node.Unsupported($"'{text}' is not known");
    }

    public bool AsBool() => Kind switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Invalid("must be true or false"),
    };

    public string AsString() => Kind == JsonTokenType.String ? (string)value! : throw Invalid("must be a string");

    /// <param name="limit">The most characters.</param>
    /// <param name="name">The limit's name in <see cref="Limits"/>.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.TokenizerUnsupported"/>: longer than the limit.</exception>
    public string AsString(int limit, string name) =>
        AsString() is var text && text.Length <= limit
            ? text
            : throw Unsupported(FormattableString.Invariant($"is longer than {limit:N0} characters (the limit {name})"));

    public double AsDouble() => Kind == JsonTokenType.Number ? (double)value! : throw Invalid("must be a number");

    /// <summary>A count or an id: at least 0.</summary>
    public int AsInt()
    {
        double number = AsDouble();
        return number is >= 0 and <= int.MaxValue && number == Math.Floor(number)
            ? (int)number
            : throw Invalid($"must be a whole number from 0 to {int.MaxValue.ToString(CultureInfo.InvariantCulture)}");
    }

    /// <summary>An error of an expression or a map, which knows its place but not its file.</summary>
    public ColbertException WithSource(ColbertException error) =>
        new(error.Id, $"'{source}': {error.Message}", source, error.Action, error);

    public ColbertException Invalid(string what, Exception? inner = null) =>
        new(ColbertErrorId.TokenizerInvalid, $"'{source}': {Path} {what}.", source, "Download or export the file again.", inner);

    public ColbertException Unsupported(string what, Exception? inner = null) =>
        new(
            ColbertErrorId.TokenizerUnsupported, $"'{source}': {Path} {what}.", source,
            "Use a tokenizer.json of tokenizers 0.23 or earlier, or a newer version of this program.", inner);
}
