using System.Text.Json;
using ColbertOnnx.IO;

namespace ColbertOnnx.Modeling;

/// <summary>
/// One JSON file of a model folder. A field that is null says as little as one that is missing (docs/semantics.md, rule 9).
/// </summary>
internal sealed class SettingsFile
{
    private const string Again = "Copy the file from the model's source again, or export the model again.";

    private readonly string path;
    private readonly JsonElement root;
    private readonly string place;
    private readonly IReadOnlyDictionary<string, string>? names;

    private SettingsFile(string path, string name, JsonElement root, string place = "", IReadOnlyDictionary<string, string>? names = null)
    {
        this.path = path;
        this.root = root;
        this.place = place;
        this.names = names;
        Name = name;
    }

    /// <summary>The file as messages name it: below the folder that it was asked for in.</summary>
    public string Name { get; }

    /// <summary>Reads the file; null when there is none.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ConfigurationInvalid"/>: not JSON, or not an object.</exception>
    public static SettingsFile? Read(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        return FileLinks.IsThere(path) ? new(path, name, JsonFile.Read(path, name, IdOf(name), JsonValueKind.Object)) : null;
    }

    /// <summary>Reads a file that holds a list of objects; null when there is none.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ConfigurationInvalid"/>.</exception>
    public static IReadOnlyList<SettingsFile>? ReadList(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        if (!FileLinks.IsThere(path)) return null;
        return [.. JsonFile.Read(path, name, IdOf(name), JsonValueKind.Array).EnumerateArray()
            .Select((element, index) => element.ValueKind == JsonValueKind.Object
                ? new SettingsFile(path, name, element, $"[{index}].")
                : throw new ColbertException(
                    ColbertErrorId.ConfigurationInvalid, $"{name} holds {JsonFile.Word(element)} where an object belongs.", path, Again))];
    }

    /// <summary>The same file under other names: only the fields that <paramref name="names"/> maps to its own are there.</summary>
    public SettingsFile Renamed(IReadOnlyDictionary<string, string> names) => new(path, Name, root, place, names);

    public bool TryGet(string field, out JsonElement value)
    {
        value = default;
        return Own(field) is { } own && root.TryGetProperty(own, out value) && value.ValueKind != JsonValueKind.Null;
    }

    public int? Integer(string field, int smallest)
    {
        if (!TryGet(field, out JsonElement value)) return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out int number)) throw Wrong(field, "a whole number", value);
        return number >= smallest
            ? number
            : throw Invalid(field, $"is {value.GetRawText()}, but the smallest that makes sense is {smallest}");
    }

    public double? Number(string field, double smallest)
    {
        if (!TryGet(field, out JsonElement value)) return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out double number) || !double.IsFinite(number))
            throw Wrong(field, "a number", value);
        return number >= smallest
            ? number
            : throw Invalid(
                field, FormattableString.Invariant($"is {value.GetRawText()}, but the smallest that makes sense is {smallest}"));
    }

    /// <summary>An integer that may be too large to count with, as model_max_length is where there is no limit.</summary>
    public int? Limit(string field) => Number(field, 1) is { } number ? (int)Math.Min(number, int.MaxValue) : null;

    public bool? Boolean(string field)
    {
        if (!TryGet(field, out JsonElement value)) return null;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw Wrong(field, "true or false", value);
    }

    public string? Text(string field) => TryGet(field, out JsonElement value) ? Text(field, value) : null;

    public IReadOnlyList<string>? Texts(string field)
    {
        if (!TryGet(field, out JsonElement value)) return null;
        if (value.ValueKind != JsonValueKind.Array) throw Wrong(field, "a list of strings", value);
        return [.. value.EnumerateArray().Select(word => Text(field, word))];
    }

    public IReadOnlyList<int>? Integers(string field)
    {
        if (!TryGet(field, out JsonElement value)) return null;
        if (value.ValueKind != JsonValueKind.Array) throw Wrong(field, "a list of ids", value);
        return
        [
            .. value.EnumerateArray()
                .Select(id => id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out int number) && number >= 0
                    ? number
                    : throw Wrong(field, "a list of ids", id)),
        ];
    }

    /// <summary>Kinds of text by their names, one alone or a list; other names stand for tasks that do not exist here.</summary>
    public IReadOnlyList<TextKind>? Tasks(string field)
    {
        if (!TryGet(field, out JsonElement value)) return null;
        IReadOnlyList<string> tasks = value.ValueKind == JsonValueKind.String ? [Text(field, value)] : Texts(field)!;
        return [.. Enum.GetValues<TextKind>().Where(kind => tasks.Contains(TextKinds.NameOf(kind)))];
    }

    /// <summary>An object within this one.</summary>
    public SettingsFile? Object(string field)
    {
        if (!TryGet(field, out JsonElement value)) return null;
        return value.ValueKind == JsonValueKind.Object
            ? new(path, Name, value, $"{place}{field}.")
            : throw Wrong(field, "an object", value);
    }

    /// <summary>The names of the fields that are not null.</summary>
    public IEnumerable<string> Fields =>
        root.EnumerateObject().Where(entry => entry.Value.ValueKind != JsonValueKind.Null).Select(entry => entry.Name);

    public IReadOnlyDictionary<string, string>? Map(string field)
    {
        if (!TryGet(field, out JsonElement value)) return null;
        if (value.ValueKind != JsonValueKind.Object) throw Wrong(field, "an object of strings", value);
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonProperty entry in value.EnumerateObject())
            map[entry.Name] = entry.Value.ValueKind == JsonValueKind.Null ? "" : Text($"{field}.{entry.Name}", entry.Value);
        return map;
    }

    /// <summary>A token of tokenizer_config.json: its text, or an object that holds the text as <c>content</c>.</summary>
    public string? Token(string field)
    {
        if (!TryGet(field, out JsonElement value)) return null;
        return value.ValueKind == JsonValueKind.Object && value.TryGetProperty("content", out JsonElement content)
            ? Text(field, content)
            : Text(field, value);
    }

    public ColbertException Invalid(string field, string what) =>
        new(
            ColbertErrorId.ConfigurationInvalid, $"{place}{Own(field) ?? field} of {Name} {what}.", path,
            $"Correct {field} in the file, or export the model again.");

    /// <summary>A field that would change the result and is not applied.</summary>
    public ColbertException Unsupported(string field) => new(
        ColbertErrorId.ArchitectureUnsupported,
        $"{Name} has {place}{field} = {(TryGet(field, out JsonElement value) ? value.GetRawText() : "nothing")}, "
            + "which is not applied here.",
        path,
        "Use a checkpoint without it, or write it into the file that it changes and take it out here.");

    // The sides of a checkpoint's tokenizer are read as a setting.
    private static ColbertErrorId IdOf(string name) =>
        name == ModelFiles.Tokenizer ? ColbertErrorId.TokenizerInvalid : ColbertErrorId.ConfigurationInvalid;

    private string? Own(string field) => names is null ? field : names.GetValueOrDefault(field);

    private string Text(string field, JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(field, "a string", value);

    private ColbertException Wrong(string field, string wanted, JsonElement value) =>
        Invalid(field, $"must be {wanted}, and is {JsonFile.Word(value)}");
}
