using System.Collections.Concurrent;

namespace ColbertOnnx.IO;

/// <summary>
/// Names for what is not complete yet: hidden, in the same folder (a move within one file system is one step), like no result's.
/// </summary>
internal static class StagingName
{
    private const string Ending = ShownNames.Ending;
    private static readonly ConcurrentDictionary<string, bool> Open = new(StringComparer.Ordinal);

    /// <param name="folder">Where.</param>
    /// <param name="name">What it is called after.</param>
    /// <param name="target">What it becomes.</param>
    public static string In(string folder, string name, string target)
    {
        string path = Path.Combine(folder, $".{name}.{Path.GetRandomFileName()}{Ending}");
        Open[path] = true;
        Becomes(path, target);
        return path;
    }

    /// <summary>Errors about a path among what is not complete yet name its target.</summary>
    public static void Becomes(string path, string target) =>
        ShownNames.Add(path, target, known => Open.Keys.Any(open => known.StartsWith(open, StringComparison.Ordinal)));

    /// <summary>Whether <paramref name="fileName"/> is one of those that <see cref="In"/> gives for <paramref name="name"/>.</summary>
    public static bool IsOf(string fileName, string name) =>
        fileName.Length == name.Length + 18 && fileName.StartsWith($".{name}.", StringComparison.Ordinal)
        && fileName.EndsWith(Ending, StringComparison.Ordinal) && fileName[^8] == '.'
        && !fileName.AsSpan(name.Length + 2, 12).ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789.");

    /// <summary>This process gathers there.</summary>
    public static bool IsOpen(string path) => Open.ContainsKey(path);

    /// <summary>
    /// For a process that is ended before its writers could take away what is not complete: everywhere, or below one folder.
    /// </summary>
    public static void DeleteAll(string below = "")
    {
        foreach (string path in Open.Keys.Where(path => path.StartsWith(below, StringComparison.Ordinal))) Delete(path);
    }

    /// <summary><see cref="DeleteAll"/> passes it over.</summary>
    public static void Keep(string path) => Open.TryRemove(path, out _);

    /// <summary>From here on a place is called what it is: something of the user's stays in it.</summary>
    public static void Show(string path) => ShownNames.Drop(path);

    /// <summary>Takes a file or folder away if it can: this runs where something else already failed.</summary>
    public static void Delete(string path)
    {
        Open.TryRemove(path, out _);
        try
        {
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
            else File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
