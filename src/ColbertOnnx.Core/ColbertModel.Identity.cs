using System.Collections;
using System.Globalization;
using System.Reflection;
using ColbertOnnx.Embeddings;
using ColbertOnnx.IO;
using ColbertOnnx.Modeling;
using ColbertOnnx.Native;
using ColbertOnnx.Onnx;
using ColbertOnnx.Runtime;

namespace ColbertOnnx;

public sealed partial class ColbertModel
{
    /// <summary>
    /// What the values of this model's embeddings depend on beside the texts: its files by their hashes, each setting, how texts are put together,
    /// and the version of ONNX Runtime. Embeddings that are kept are this model's as long as all fields are the same. Reads the model's files.
    /// </summary>
    public IReadOnlyDictionary<string, string> GetIdentity()
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["model"] = $"{Name} {string.Join(' ', Files().Select(FileDigest.Of))}",
            ["threads per session"] = ThreadsPerSession.ToString(CultureInfo.InvariantCulture),
            ["batch size"] = BatchSize?.ToString(CultureInfo.InvariantCulture) ?? "",
            ["ONNX Runtime"] = OrtLibrary.Loaded.Version,
        };
        foreach ((string name, string setting) in PlainSettings()) fields[name] = setting;
        return fields;
    }

    /// <summary>What a file of embeddings says of them.</summary>
    internal EncoderDescription Description() => new(Name, Dimension, JsonArrays.Line(json =>
    {
        foreach ((string name, string setting) in PlainSettings()) json.WriteText(name, setting);
    }));

    private IEnumerable<(string Name, string Value)> PlainSettings()
    {
        foreach (PropertyInfo property in typeof(ColbertSettings).GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            if (property.GetValue(Settings) is ISetting setting) yield return (property.Name, Plain(setting.Value));
        }
    }

    private IEnumerable<string> Files() =>
        ExternalFiles.Of(File).Select(name => ExternalData.Find(File, name)?.FullName).OfType<string>()
            .Prepend(File).Append(System.IO.Path.Combine(Path, ModelFiles.Tokenizer));

    private static string Plain(object? value) => value switch
    {
        null => "",
        string text => text,
        IReadOnlyDictionary<string, string> pairs => string.Join(' ', pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}")),
        IEnumerable items => string.Join(' ', items.Cast<object?>().Select(Plain)),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
