using System.Collections.Concurrent;

namespace ColbertOnnx;

/// <summary>
/// Names that only we know, of files and folders that are not complete yet, and those that messages have instead: what they become.
/// </summary>
internal static class ShownNames
{
    /// <summary>How a name ends that may stand here.</summary>
    public const string Ending = ".tmp";

    private const int MostKept = 256;

    // Errors are often made when the place is gone already, so that some names are kept longer.
    private static readonly ConcurrentDictionary<string, string> Targets = new(StringComparer.Ordinal);

    /// <param name="path">The name that only we know.</param>
    /// <param name="target">What messages say.</param>
    /// <param name="isNeeded">Whether a name may still come up: of many others the table is cleared.</param>
    public static void Add(string path, string target, Func<string, bool> isNeeded)
    {
        if (Targets.Count >= MostKept) foreach (string old in Targets.Keys.Where(key => !isNeeded(key))) Targets.TryRemove(old, out _);
        Targets[path] = target;
    }

    /// <summary>From here on a path is called what it is.</summary>
    public static void Drop(string path)
    {
        foreach (string key in Targets.Keys.Where(key => path.StartsWith(key, StringComparison.Ordinal))) Targets.TryRemove(key, out _);
    }

    /// <summary>A text for people, with the names that they know.</summary>
    public static string In(string text)
    {
        // Not without need: this may run where no file can be opened any more.
        if (Targets.IsEmpty || !text.Contains(Ending, StringComparison.Ordinal)) return text;
        KeyValuePair<string, string>[] targets = [.. Targets];
        Array.Sort(targets, static (a, b) => b.Key.Length.CompareTo(a.Key.Length));
        foreach ((string path, string target) in targets)
        {
            text = text.Replace(path, target, StringComparison.Ordinal);
            if (path.EndsWith(Ending, StringComparison.Ordinal))
                text = text.Replace(Path.GetFileName(path), Path.GetFileName(target), StringComparison.Ordinal);
        }

        return text;
    }
}
