using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using ColbertOnnx.Embeddings;
using ColbertOnnx.IO;
using ColbertOnnx.Native;
using ColbertOnnx.Onnx;
using ColbertOnnx.Runtime;

namespace ColbertOnnx.Cli;

/// <summary>What the numbers of a run depend on beside its texts, and how they are written: a run goes on only with one of the same identity.</summary>
internal static class RunIdentity
{
    private const string Version = "1";

    public static IReadOnlyDictionary<string, string> Of(ColbertModel model, string format, EmbeddingWriterOptions options, bool includeTokens)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["version"] = Version,
            ["format"] = format,
            ["type"] = EmbeddingTypes.NameOf(options.Type),
            ["layout"] = options.Layout?.ToString() ?? "",
            ["kind"] = options.Kind?.ToString() ?? "",
            ["tokens"] = includeTokens ? "yes" : "no",
            ["texts"] = options.IncludeText ? "yes" : "no",
            ["model"] = $"{model.Name} {string.Join(' ', Files(model).Select(FileDigest.Of))}",
            ["threads per session"] = model.ThreadsPerSession.ToString(CultureInfo.InvariantCulture),
            ["batch size"] = model.BatchSize?.ToString(CultureInfo.InvariantCulture) ?? "",
            ["ONNX Runtime"] = OrtLibrary.Loaded.Version,
        };
        foreach (var (name, setting) in Settings(model)) fields[name] = setting;
        return fields;
    }

    /// <summary>The same for a file of embeddings, that says what they were made by.</summary>
    public static EncoderDescription Describe(ColbertModel model) => new(model.Name, model.Dimension, JsonSerializer.Serialize(Settings(model).ToDictionary(StringComparer.Ordinal), JsonSerializerOptions.Default));

    private static IEnumerable<KeyValuePair<string, string>> Settings(ColbertModel model)
    {
        foreach (PropertyInfo property in typeof(ColbertSettings).GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            object? setting = property.GetValue(model.Settings);
            if (setting?.GetType().GetProperty(nameof(Setting<int>.Value)) is { } value) yield return new(property.Name, Text(value.GetValue(setting)));
        }
    }

    private static IEnumerable<string> Files(ColbertModel model) =>
        ExternalFiles.Of(model.File).Select(name => ExternalData.Find(model.File, name)?.FullName).OfType<string>()
            .Prepend(model.File).Append(System.IO.Path.Combine(model.Path, Modeling.ModelFiles.Tokenizer));

    private static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        IReadOnlyDictionary<string, string> pairs => string.Join(' ', pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}")),
        IEnumerable items => string.Join(' ', items.Cast<object?>().Select(Text)),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
