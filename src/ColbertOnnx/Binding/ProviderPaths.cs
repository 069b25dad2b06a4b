using System.Collections.ObjectModel;
using System.Management.Automation;
using ColbertOnnx.Embeddings;

namespace ColbertOnnx.PowerShell.Binding;

/// <summary>PowerShell paths (~, drives, provider paths, the session's location) to paths of the file system.</summary>
internal readonly struct ProviderPaths(SessionState session)
{
    /// <summary>
    /// Brings a model of the hub (name, revision, whether INT8 is wanted) to this machine and gives its folder; null where fetching is not
    /// allowed.
    /// </summary>
    public Func<string, string, bool, string>? Download { get; init; }

    /// <summary>A path as it stands; it need not exist.</summary>
    public string Literal(string path)
    {
        string found = session.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
        return OnFileSystem(provider, path, found);
    }

    /// <summary>
    /// What the wildcards match, one thing at least, shard 2 before shard 10; without wildcards the path itself, there or not.
    /// </summary>
    /// <exception cref="ColbertException">Wildcards match nothing: the caller says what kind of error that is.</exception>
    public IReadOnlyList<string> Matching(string path, ColbertErrorId none = ColbertErrorId.InputInvalid)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(path)) return [Literal(path)];
        Collection<string> found = session.Path.GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider);
        if (found.Count == 0)
            throw new ColbertException(
                none, $"Nothing matches '{path}'.", path, "Check the pattern, or use -LiteralPath for a name with brackets.");
        return [.. found.Select(match => OnFileSystem(provider, path, match)).Order(NaturalOrder.Instance)];
    }

    private static string OnFileSystem(ProviderInfo provider, string path, string found) => provider.Name == "FileSystem"
        ? found
        : throw new ColbertException(
            ColbertErrorId.InputInvalid, $"'{path}' is not in the file system but in {provider.Name}.", path,
            "Name a path of the file system.");
}
