namespace ColbertOnnx.Embeddings;

/// <summary>What the bytes of an output depend on beside texts and processor, field by field.</summary>
internal static class RunIdentity
{
    private const string Kind = "kind", Query = "query";

    /// <param name="path">The output, as it was named.</param>
    /// <param name="options">How it is written.</param>
    /// <param name="model">What the model says of itself.</param>
    public static Dictionary<string, string> Of(string path, EmbeddingWriterOptions options, IReadOnlyDictionary<string, string> model)
    {
        var identity = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["product"] = typeof(RunIdentity).Assembly.GetName().Version!.ToString(3),
            ["format"] = EmbeddingWriter.IsFolder(path, OutputTarget.Of(path)) ? "folder" : Path.GetExtension(path).ToLowerInvariant(),
            ["type"] = EmbeddingTypes.NameOf(options.Type),
            ["layout"] = options.Layout?.ToString() ?? "",
            [Kind] = options.Kind == TextKind.Query ? Query : "document",
            ["tokens"] = options.IncludeTokens == true ? "yes" : "no",
            ["texts"] = options.IncludeText ? "yes" : "no",
        };
        foreach ((string name, string value) in model) identity[name] = value;
        return identity;
    }

    public static TextKind KindOf(IReadOnlyDictionary<string, string> identity) => identity.GetValueOrDefault(Kind) == Query ? TextKind.Query : TextKind.Document;

    /// <summary>The first field that differs, as a sentence without a point; null: there is none.</summary>
    public static string? Difference(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> now)
    {
        foreach (string name in now.Keys.Concat(before.Keys))
        {
            string? was = before.GetValueOrDefault(name), value = now.GetValueOrDefault(name);
            if (was != value) return $"its {name} was {Said(was)}, and is {Said(value)} now";
        }

        return null;

        static string Said(string? value) => value is null ? "not said" : $"'{value}'";
    }
}
