using System.Collections;
using System.Globalization;

namespace ColbertOnnx.PowerShell.Binding;

/// <summary>What -ProviderOption takes, as ONNX Runtime wants it: names and values are texts, and $true is 1.</summary>
internal static class ProviderOptions
{
    /// <summary>Options of a model with what the parameters of providers say; those that were not given leave it as it is.</summary>
    public static ColbertModelOptions AddTo(
        ColbertModelOptions model, IDictionary? options, string? library, bool require, ProviderPaths paths) => model with
        {
            ProviderOptions = options is null ? model.ProviderOptions : Of(options),
            ProviderLibrary = library is null ? model.ProviderLibrary : paths.Literal(library),
            RequireProvider = require || model.RequireProvider,
        };

    public static IReadOnlyDictionary<string, string> Of(IDictionary options)
    {
        Dictionary<string, string> read = new(StringComparer.Ordinal);
        foreach (DictionaryEntry option in options) read[Text(option.Key)] = Text(option.Value);
        return read;
    }

    private static string Text(object? value) => Wrapped.Bare(value) switch
    {
        true => "1",
        false => "0",
        var other => Convert.ToString(other, CultureInfo.InvariantCulture) ?? "",
    };
}
