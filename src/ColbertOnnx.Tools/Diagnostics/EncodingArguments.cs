using System.Globalization;

namespace ColbertOnnx.Diagnostics;

/// <summary>The options of a model that decide what is encoded, as far as somebody gave them.</summary>
internal static class EncodingArguments
{
    // Those that there were before results noted any: an older result may have been made with them.
    private static readonly string[] Old = ["documentLength", "poolFactor", "queryExpansion", "queryLength", "skiplist"];

    public static IReadOnlyDictionary<string, string> None { get; } = new Dictionary<string, string>();

    /// <summary>In the order of their names.</summary>
    public static IReadOnlyDictionary<string, string> Of(ColbertModelOptions options)
    {
        var given = new SortedDictionary<string, string>(StringComparer.Ordinal);
        void Add(string name, object? value)
        {
            if (value is not null) given[name] = Convert.ToString(value, CultureInfo.InvariantCulture)!;
        }

        Add("queryPrefix", options.QueryPrefix);
        Add("documentPrefix", options.DocumentPrefix);
        // Beside a text a name has no effect.
        Add("promptName", options.Prompt is null ? options.PromptName : null);
        Add("prompt", options.Prompt);
        Add("queryLength", options.QueryLength);
        Add("documentLength", options.DocumentLength);
        Add("queryExpansion", options.QueryExpansion);
        Add("skiplist", options.Skiplist is { } words ? string.Join(' ', words) : null);
        Add("poolFactor", options.PoolFactor);
        Add("protectedTokens", options.ProtectedTokens);
        return given;
    }

    public static bool AreSame(IReadOnlyDictionary<string, string>? one, IReadOnlyDictionary<string, string>? other)
    {
        bool isOld = one is null || other is null;
        return Counted(one, isOld).SequenceEqual(Counted(other, isOld));
    }

    /// <summary>Behind the words for a configuration; empty without arguments.</summary>
    public static string Describe(IReadOnlyDictionary<string, string>? arguments) =>
        arguments is null or { Count: 0 }
            ? ""
            : $", {string.Join(", ", arguments.Select(argument => $"{argument.Key} '{argument.Value}'"))}";

    private static IEnumerable<KeyValuePair<string, string>> Counted(IReadOnlyDictionary<string, string>? arguments, bool isOld) =>
        (arguments ?? None).Where(argument => !isOld || !Old.Contains(argument.Key))
            .OrderBy(argument => argument.Key, StringComparer.Ordinal);
}
