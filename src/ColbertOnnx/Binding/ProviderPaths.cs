using System.Collections.ObjectModel;
using System.Management.Automation;

namespace ColbertOnnx.PowerShell.Binding;

/// <summary>PowerShell paths (~, drives, provider paths, the session's location) to paths of the file system.</summary>
internal readonly struct ProviderPaths(SessionState? session)
{
    /// <summary>A path as it stands; it need not exist.</summary>
    public string Literal(string path)
    {
        if (session is null) return Path.GetFullPath(path);
        string found = session.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
        return OnFileSystem(provider, path, found);
    }

    /// <summary>What the wildcards match; without wildcards the path itself, there or not.</summary>
    public IReadOnlyList<string> Matching(string path)
    {
        if (session is null || !WildcardPattern.ContainsWildcardCharacters(path)) return [Literal(path)];
        Collection<string> found = session.Path.GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider);
        return [.. found.Select(match => OnFileSystem(provider, path, match))];
    }

    private static string OnFileSystem(ProviderInfo provider, string path, string found) => provider.Name == "FileSystem"
        ? found
        : throw new ColbertException(ColbertErrorId.InputInvalid, $"'{path}' is not in the file system but in {provider.Name}.", path, "Name a path of the file system.");
}
