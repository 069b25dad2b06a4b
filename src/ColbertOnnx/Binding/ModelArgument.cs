using System.Management.Automation;

namespace ColbertOnnx.PowerShell.Binding;

/// <summary>What -Model takes: an open model, a folder, or nothing.</summary>
internal static class ModelArgument
{
    public static ColbertModel Resolve(object? argument, ProviderPaths paths) => (argument is PSObject wrapped ? wrapped.BaseObject : argument) switch
    {
        null => OpenModels.Current(),
        ColbertModel model => model,
        DirectoryInfo folder => OpenModels.Use(Path.TrimEndingDirectorySeparator(folder.FullName)),
        string path => OpenModels.Use(Path.TrimEndingDirectorySeparator(paths.Literal(path))),
        var other => throw new ColbertException(
            ColbertErrorId.ModelNotFound, $"An object of type {other.GetType().Name} is not a model.", null, "Give -Model what Import-ColbertModel gave, or a model folder."),
    };
}
