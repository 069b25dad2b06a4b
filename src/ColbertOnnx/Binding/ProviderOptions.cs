using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace ColbertOnnx.PowerShell.Binding;

/// <summary>What -ProviderOption takes, as ONNX Runtime wants it: names and values are texts, and $true is 1.</summary>
internal static class ProviderOptions
{
    public static IReadOnlyDictionary<string, string> Of(IDictionary options)
    {
        Dictionary<string, string> read = new(StringComparer.Ordinal);
        foreach (DictionaryEntry option in options) read[Text(option.Key)] = Text(option.Value);
        return read;
    }

    private static string Text(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        true => "1",
        false => "0",
        var other => Convert.ToString(other, CultureInfo.InvariantCulture) ?? "",
    };
}
