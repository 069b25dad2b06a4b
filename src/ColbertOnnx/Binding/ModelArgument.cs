using ColbertOnnx.Scoring;

namespace ColbertOnnx.PowerShell.Binding;

/// <summary>What -Model takes: an open model or its name, a folder, a name on the hub, or nothing.</summary>
internal static class ModelArgument
{
    public static ColbertModel Resolve(object? argument, ProviderPaths paths) => Find(argument, paths) switch
    {
        (null, null) => OpenModels.Current(),
        (null, { } folder) => OpenModels.Use(folder),
        (var open, _) => open,
    };

    /// <summary>
    /// The tokenizer of a model as it is open, else of its folder (or a tokenizer.json) alone: no weights are read for it.
    /// </summary>
    public static ColbertTokenizer ResolveTokenizer(object? argument, ProviderPaths paths, TextKind? kind, ColbertEncodeOptions call)
    {
        (ColbertModel? open, string? path) = Find(argument, paths);
        ColbertModel? model = open ?? OpenModels.FindOpen(path);
        return model is null ? ColbertTokenizer.Open(path, kind, call: call) : new ColbertTokenizer(model, kind, call);
    }

    /// <summary>
    /// What finds the tokens of a model's embeddings, as it is open, else as its folder says: no weights are read for it. Null: nothing was
    /// named.
    /// </summary>
    public static TokenSource? ResolveTokenSource(object? argument, ProviderPaths paths) => Find(argument, paths) switch
    {
        (null, null) => null,
        (null, { } folder) => OpenModels.FindOpen(folder)?.CreateTokenSource() ?? TokenSource.Open(folder),
        (var open, _) => open.CreateTokenSource(),
    };

    /// <summary>What -Model would be opened as, to open it anew: the folder, and the options with which it is open.</summary>
    public static (string? Path, ColbertModelOptions Options) ResolveClosed(object? argument, ProviderPaths paths, bool quantized)
    {
        (ColbertModel? open, string? path) = Find(argument, paths, quantized);
        ColbertModel? model = open ?? OpenModels.FindOpen(path);
        return model is null ? (path, new ColbertModelOptions()) : (model.Path, model.Options);
    }

    /// <summary>
    /// A text that means a model, as a folder: one that is there wins, then the embedded model's name, then a name on the hub, which is
    /// fetched.
    /// </summary>
    public static string FolderOf(string text, ProviderPaths paths, string? revision = null, bool quantized = false)
    {
        string literal = Path.TrimEndingDirectorySeparator(paths.Literal(text));
        if (!Path.Exists(literal) && ColbertHub.IsWellFormedName(text) && paths.Download is { } download)
            return download(text, revision ?? "main", quantized);
        if (revision is not null) throw IdleRevision(text);
        return !Path.Exists(literal) && text.Equals(ColbertModel.EmbeddedName, StringComparison.OrdinalIgnoreCase)
            ? ColbertModel.FindEmbedded()
            : literal;
    }

    /// <param name="given">What was named beside a revision; null: nothing, and so the embedded model.</param>
    public static ColbertException IdleRevision(string? given) => new(
        ColbertErrorId.InputInvalid,
        $"-Revision belongs to a model of the hub, and {(given is null ? "the embedded model" : $"'{given}'")} is none.", given,
        "Leave -Revision out, or name a model of the hub: owner/name.");

    /// <summary>The model that is open already, or the folder to open; neither: nothing was given.</summary>
    private static (ColbertModel? Open, string? Folder) Find(object? argument, ProviderPaths paths, bool quantized = false) =>
        Wrapped.Bare(argument) switch
        {
            null => default,
            ColbertModel model => (model, null),
            FileSystemInfo item => (null, Path.TrimEndingDirectorySeparator(item.FullName)),
            ColbertModelFolder folder => (null, folder.Path),
            string text => !Path.Exists(paths.Literal(text)) && OpenModels.FindNamed(text) is { } named
                ? (named, null)
                : (null, FolderOf(text, paths, quantized: quantized)),
            var other => throw new ColbertException(
                ColbertErrorId.ModelNotFound, $"An object of type {other.GetType().Name} is not a model.", null,
                "Give -Model what Import-ColbertModel gave, its name, a model folder, or a name on the hub."),
        };
}
