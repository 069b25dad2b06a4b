using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using ColbertOnnx.Embeddings;
using ColbertOnnx.IO;
using ColbertOnnx.Modeling;
using ColbertOnnx.Native;
using ColbertOnnx.Onnx;
using ColbertOnnx.Runtime;
using ColbertOnnx.Runtime.Providers;
using ColbertOnnx.Runtime.Rows;

namespace ColbertOnnx;

public sealed partial class ColbertModel
{
    /// <summary>
    /// What the values of this model's embeddings depend on beside the texts: its files by their hashes, each setting, how texts are put
    /// together, and the version of ONNX Runtime. Embeddings that are kept are this model's as long as all fields are the same. Reads the
    /// model's files.
    /// </summary>
    /// <param name="options">What the texts are encoded with otherwise than the model was opened.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ModelInvalid"/>, <see cref="ColbertErrorId.TokenizerInvalid"/>: a file
    /// cannot be read any more. <see cref="ColbertErrorId.InputInvalid"/>: the model has no prompt of that name.</exception>
    public IReadOnlyDictionary<string, string> GetIdentity(ColbertEncodeOptions? options = null)
    {
        Dictionary<string, string> fields = IdentityOf(folder, Options);
        if (options is not null) Say(options, TextArguments.PromptOf(Settings, options.PromptName, options.Prompt), fields);
        return fields;
    }

    /// <summary>The same of a folder, without opening the model.</summary>
    /// <param name="folder">The folder; null: the embedded model.</param>
    /// <param name="options">What it would be opened with.</param>
    /// <exception cref="ColbertException">As <see cref="ReadSettings"/> and <see cref="GetIdentity"/>;
    /// <see cref="ColbertErrorId.NativeLibraryNotFound"/>.</exception>
    public static IReadOnlyDictionary<string, string> ReadIdentity(string? folder, ColbertModelOptions? options = null)
    {
        options ??= new ColbertModelOptions();
        return IdentityOf(ModelFolder.Open(folder ?? EmbeddedModel.Find(), options), options);
    }

    /// <summary>What texts are encoded with otherwise than the model was opened takes the place of what its settings say.</summary>
    /// <param name="options">Of the call.</param>
    /// <param name="prompt">The prompt that it names or holds; null: none.</param>
    /// <param name="identity">Of the model.</param>
    internal static void Say(ColbertEncodeOptions options, string? prompt, Dictionary<string, string> identity)
    {
        if (prompt is not null) identity[nameof(ColbertSettings.Prompt)] = prompt;
        if (options.PoolFactor is { } factor) identity[nameof(ColbertSettings.PoolFactor)] = Plain(factor);
        if (options.ProtectedTokens is { } count) identity[nameof(ColbertSettings.ProtectedTokens)] = Plain(count);
    }

    /// <summary>What a file of embeddings says of them.</summary>
    internal EncoderDescription Description() => new(Name, Dimension, JsonArrays.Line(json =>
    {
        foreach ((string name, string setting) in PlainSettings(Settings)) json.WriteText(name, setting);
    }));

    private static Dictionary<string, string> IdentityOf(ModelFolder folder, ColbertModelOptions options)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["model"] = $"{folder.Name} {string.Join(' ', Digests(folder))}",
            ["threads per session"] = Plain(options.ThreadsPerSession ?? 1),
            ["batch size"] = Plain(options.BatchSize),
            ["ONNX Runtime"] = OrtLibrary.Loaded.Version,
        };
        foreach ((string name, string setting) in PlainSettings(folder.Settings)) fields[name] = setting;
        foreach ((string name, string said) in Rare(folder, options).Where(field => field.Value.Length > 0)) fields[name] = said;
        return fields;
    }

    // Fields that stand where they say something: most runs have none of them.
    private static IEnumerable<(string Name, string Value)> Rare(ModelFolder folder, ColbertModelOptions options)
    {
        yield return ("providers", Plain(ProviderRequest.NamesOf(options)));
        yield return ("provider options", Plain(options.ProviderOptions));
        yield return ("provider library", System.IO.Path.GetFileName(options.ProviderLibrary) ?? "");
        yield return ("operators", OperatorChoice.IsOn ? "" : "off");
        if (folder.NamedTokens is { } named)
            yield return (
                "named tokens",
                Plain([$"mask={named.Mask}", $"eos={named.EndOfSequence}", $"pad={named.Pad}", $"unk={named.Unknown}"]));
    }

    private static IEnumerable<(string Name, string Value)> PlainSettings(ColbertSettings settings)
    {
        foreach (PropertyInfo property in typeof(ColbertSettings).GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            if (property.GetValue(settings) is ISetting setting) yield return (property.Name, Plain(setting.Value));
        }
    }

    private static IEnumerable<string> Digests(ModelFolder folder)
    {
        string graph = folder.GraphPath;
        IEnumerable<string> files = Readable(
            graph, ColbertErrorId.ModelInvalid,
            () => ExternalFiles.Of(graph)).Select(name => ExternalData.Find(graph, name)?.FullName).OfType<string>();
        foreach (string file in files.Prepend(graph)) yield return Readable(file, ColbertErrorId.ModelInvalid, () => FileDigest.Of(file));
        yield return Readable(folder.TokenizerPath, ColbertErrorId.TokenizerInvalid, () => FileDigest.Of(folder.TokenizerPath));
    }

    private static T Readable<T>(string file, ColbertErrorId id, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new ColbertException(id, $"'{file}' cannot be read: {error.Message}", file, "Copy or export the model again.", error);
        }
    }

    // In quotes where items with blanks between them could be read in two ways.
    private static string Plain(string[] items) => string.Join(
        ' ',
        items.Any(item => item.Length == 0 || item.Any(char.IsWhiteSpace)) || items is [['"', ..], ..]
            ? items.Select(item => $"\"{Escapes().Replace(item, "\\$0")}\"")
            : items);

    [GeneratedRegex("[\"\\\\]")]
    private static partial Regex Escapes();

    private static string Plain(object? value) => value switch
    {
        null => "",
        string text => text,
        IReadOnlyDictionary<string, string> pairs => Plain(
            [.. pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}")]),
        IEnumerable items => Plain([.. items.Cast<object?>().Select(Plain)]),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
