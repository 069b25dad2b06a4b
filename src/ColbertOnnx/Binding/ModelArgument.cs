using System.Management.Automation;
using ColbertOnnx.Modeling;

namespace ColbertOnnx.PowerShell.Binding;

/// <summary>What -Model takes: an open model, a folder, or nothing.</summary>
internal static class ModelArgument
{
    public static ColbertModel Resolve(object? argument, ProviderPaths paths) => Unwrapped(argument) switch
    {
        null => OpenModels.Current(),
        ColbertModel model => model,
        var folder => OpenModels.Use(PathOf(folder, paths)),
    };

    /// <summary>The tokenizer of a model as it is open, else of its folder (or a tokenizer.json) alone: no weights are read for it.</summary>
    public static TextTokenizer ResolveTokenizer(object? argument, ProviderPaths paths, TextKind? kind)
    {
        object? given = Unwrapped(argument);
        string? path = given is null or ColbertModel ? null : PathOf(given, paths);
        ColbertModel? model = given as ColbertModel ?? OpenModels.FindOpen(path);
        return model is null ? TextTokenizer.Open(path, kind) : new TextTokenizer(model.Profile, kind);
    }

    /// <summary>What -Model would be opened as, for who opens it anew: the folder, and the options with which it is open.</summary>
    public static (string? Path, ColbertModelOptions Options) ResolveClosed(object? argument, ProviderPaths paths)
    {
        object? given = Unwrapped(argument);
        string? path = given is null or ColbertModel ? null : PathOf(given, paths);
        ColbertModel? model = given as ColbertModel ?? OpenModels.FindOpen(path);
        return model is null ? (path, new ColbertModelOptions()) : (model.Path, model.Options);
    }

    private static object? Unwrapped(object? argument) => argument is PSObject wrapped ? wrapped.BaseObject : argument;

    private static string PathOf(object given, ProviderPaths paths) => Path.TrimEndingDirectorySeparator(given switch
    {
        FileSystemInfo item => item.FullName,
        string path => paths.Literal(path),
        _ => throw new ColbertException(
            ColbertErrorId.ModelNotFound, $"An object of type {given.GetType().Name} is not a model.", null, "Give -Model what Import-ColbertModel gave, or a model folder."),
    });
}
