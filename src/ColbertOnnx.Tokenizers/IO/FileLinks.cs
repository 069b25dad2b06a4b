namespace ColbertOnnx.IO;

/// <summary>Files behind symbolic links: the hub's cache has folders of links to files that lie together elsewhere.</summary>
internal static class FileLinks
{
    // As many as Linux follows.
    private const int MostLinks = 40;

    /// <summary>Where a file is written whose name others can guess, a link would lead the bytes into another file.</summary>
    /// <exception cref="IOException">It is a link.</exception>
    public static void Refuse(string path)
    {
        if (new FileInfo(path).LinkTarget is { } target)
            throw new IOException($"It is a link to '{target}', which is not followed. Delete it.");
    }

    /// <summary>
    /// Whether something has this name, be it a folder or a link that leads nowhere: what is there and cannot be read is an error, never a
    /// file that is missing.
    /// </summary>
    public static bool IsThere(string path) => Path.Exists(path);

    /// <summary>
    /// The file itself. A link whose target is gone exists for File.Exists, and its own length is that of its text; what this gives does
    /// not exist then.
    /// </summary>
    public static FileInfo Follow(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
    }

    /// <summary>
    /// The full path with the links among its folders followed too; two names of one file have the same. It need not exist.
    /// </summary>
    /// <exception cref="IOException">Links in a circle.</exception>
    public static string Real(string path) => Real(path, MostLinks);

    private static string Real(string path, int left)
    {
        string full = Path.GetFullPath(path), real = Path.GetPathRoot(full)!;
        if (left == 0) throw new IOException($"'{path}' leads through too many links.");
        foreach (string name in full[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, name);
            if (new FileInfo(real).ResolveLinkTarget(returnFinalTarget: false) is { } next) real = Real(next.FullName, left - 1);
        }

        return real;
    }
}
