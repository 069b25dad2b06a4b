using System.Collections.Concurrent;

namespace ColbertOnnx.Embeddings;

/// <summary>Names for what is not complete yet: hidden, in the same folder (a move within one file system is one step), like no result's.</summary>
internal static class StagingName
{
    private const string Ending = ".tmp";
    private const int MostKept = 256;
    private static readonly ConcurrentDictionary<string, bool> Open = new(StringComparer.Ordinal);

    // What they become. Errors are often made when the place is gone already, so that some names are kept longer.
    private static readonly ConcurrentDictionary<string, string> Targets = new(StringComparer.Ordinal);

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
    public static void Becomes(string path, string target)
    {
        if (Targets.Count >= MostKept) foreach (string old in Targets.Keys.Where(key => !Open.Keys.Any(open => key.StartsWith(open, StringComparison.Ordinal)))) Targets.TryRemove(old, out _);
        Targets[path] = target;
    }

    /// <summary>A text for people, with the names that what is not complete yet will have: nobody but us knows the others.</summary>
    public static string Named(string text)
    {
        // Not without need: this may run where no file can be opened any more.
        if (Targets.IsEmpty || !text.Contains(Ending, StringComparison.Ordinal)) return text;
        KeyValuePair<string, string>[] targets = [.. Targets];
        Array.Sort(targets, static (a, b) => b.Key.Length.CompareTo(a.Key.Length));
        foreach ((string path, string target) in targets)
        {
            text = text.Replace(path, target, StringComparison.Ordinal);
            if (path.EndsWith(Ending, StringComparison.Ordinal)) text = text.Replace(Path.GetFileName(path), Path.GetFileName(target), StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>Whether <paramref name="fileName"/> is one of those that <see cref="In"/> gives for <paramref name="name"/>.</summary>
    public static bool IsOf(string fileName, string name) =>
        fileName.Length == name.Length + 18 && fileName.StartsWith($".{name}.", StringComparison.Ordinal) && fileName.EndsWith(Ending, StringComparison.Ordinal) && fileName[^8] == '.'
        && !fileName.AsSpan(name.Length + 2, 12).ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789.");

    /// <summary>This process gathers there.</summary>
    public static bool IsOpen(string path) => Open.ContainsKey(path);

    /// <summary>For a process that is ended before its writers could take away what is not complete: everywhere, or below one folder.</summary>
    public static void DeleteAll(string below = "")
    {
        foreach (string path in Open.Keys.Where(path => path.StartsWith(below, StringComparison.Ordinal))) Delete(path);
    }

    /// <summary><see cref="DeleteAll"/> passes it over.</summary>
    public static void Keep(string path) => Open.TryRemove(path, out _);

    /// <summary>From here on a place is called what it is: something of the user's stays in it.</summary>
    public static void Show(string path)
    {
        foreach (string key in Targets.Keys.Where(key => path.StartsWith(key, StringComparison.Ordinal))) Targets.TryRemove(key, out _);
    }

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
