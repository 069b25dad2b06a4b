using System.Text.RegularExpressions;

namespace ColbertOnnx.Embeddings;

/// <summary>What the bytes of an output depend on beside texts and CPU, field by field.</summary>
internal static partial class RunIdentity
{
    public const string Format = "format", Type = "type", Layout = "layout", Tokens = "tokens", Texts = "texts", Yes = "yes";

    private const string Kind = "kind", Query = "query", No = "no", Model = "model";

    /// <param name="path">The output, as it was named.</param>
    /// <param name="options">How it is written.</param>
    /// <param name="input">How the texts are read (<see cref="InputIdentity"/>).</param>
    /// <param name="model">What the model says of itself.</param>
    public static Dictionary<string, string> Of(
        string path, EmbeddingWriterOptions options, IEnumerable<(string Name, string Value)> input,
        IReadOnlyDictionary<string, string> model)
    {
        var identity = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["product"] = typeof(RunIdentity).Assembly.GetName().Version!.ToString(3),
            [Format] = FormatOf(path),
            [Type] = EmbeddingTypes.NameOf(options.Type),
            [Layout] = options.Layout?.ToString() ?? "",
            [Kind] = options.Kind == TextKind.Query ? Query : "document",
            [Tokens] = Said(options.IncludeTokens == true),
            [Texts] = Said(options.IncludeText),
        };
        foreach ((string name, string value) in input) identity[name] = value;
        foreach ((string name, string value) in model) identity[name] = value;
        return identity;
    }

    public static string FormatOf(string path) =>
        EmbeddingWriter.IsFolder(path, OutputTarget.Of(path)) ? "folder" : Path.GetExtension(path).ToLowerInvariant();

    /// <summary>Name of the model; null: there is none.</summary>
    public static string? ModelOf(IReadOnlyDictionary<string, string> identity) =>
        identity.TryGetValue(Model, out string? model) ? Hashes().Replace(model, "") : null;

    public static TextKind KindOf(IReadOnlyDictionary<string, string> identity) =>
        identity.GetValueOrDefault(Kind) == Query ? TextKind.Query : TextKind.Document;

    /// <summary>Whether embeddings have tokens: those of pooled vectors do not, also where they were asked for.</summary>
    public static bool HasTokens(IReadOnlyDictionary<string, string> identity) => identity.GetValueOrDefault(Tokens) == Yes
        && (identity.GetValueOrDefault(nameof(ColbertSettings.PoolFactor)) is null or "1"
            || identity.GetValueOrDefault(nameof(ColbertSettings.PoolTasks))?.Split(' ').Contains(KindOf(identity).ToString()) != true);

    /// <summary>The first field that differs, as a sentence without a point; null: there is none.</summary>
    public static string? Difference(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> now)
    {
        return FirstDifference(before, now) is { } name ? $"its {name} was {Said(before, name)}, and is {Said(now, name)} now" : null;
    }

    /// <summary>Name of the first field that differs.</summary>
    public static string? FirstDifference(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> now) =>
        now.Keys.Concat(before.Keys).FirstOrDefault(name => before.GetValueOrDefault(name) != now.GetValueOrDefault(name));

    public static string Said(bool value) => value ? Yes : No;

    public static string Said(IReadOnlyDictionary<string, string> identity, string name) =>
        identity.TryGetValue(name, out string? value) ? $"'{value}'" : "not said";

    // They stand behind the model's name, one for each of its files.
    [GeneratedRegex("( [0-9a-f]{32})+$")]
    private static partial Regex Hashes();
}
