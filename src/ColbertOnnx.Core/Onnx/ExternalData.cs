using ColbertOnnx.IO;

namespace ColbertOnnx.Onnx;

/// <summary>
/// The files that a graph keeps its tensors in, by the names that it gives them. They lie in the graph's folder. A link may lead out of it
/// only where the graph's own link leads: the hub's cache has all files of a model side by side in one folder, and links to them in
/// another.
/// </summary>
internal static class ExternalData
{
    /// <summary>The file itself, behind links; it may be missing.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ModelInvalid"/>: the name leads out of the folder, or is none.
    /// <see cref="ColbertErrorId.ModelIncomplete"/>: links lead nowhere, or to where this user may not look.</exception>
    public static FileInfo Resolve(string graph, string location)
    {
        try
        {
            return Checked(graph, location);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ColbertException(
                ColbertErrorId.ModelIncomplete, $"'{graph}' keeps its weights in '{location}', which cannot be read: {e.Message}", graph,
                "Copy the whole model folder again.", e);
        }
    }

    private static FileInfo Checked(string graph, string location)
    {
        string full = Path.GetFullPath(graph), folder = Path.GetDirectoryName(full)!;
        if (string.IsNullOrWhiteSpace(location) || location.Contains('\0'))
            throw OnnxReader.Invalid(graph, "its data file has a name that no file can have");
        string file = Path.GetFullPath(Path.Combine(folder, location));
        if (Path.IsPathRooted(location) || !IsWithin(folder, file))
            throw OnnxReader.Invalid(graph, $"its data file '{location}' is outside the model's folder");
        string real = Follow(folder, Path.GetRelativePath(folder, file));
        if (!IsWithin(folder, real) && !IsWithin(Target(new DirectoryInfo(folder)), real)
            && Path.GetDirectoryName(real) != FileLinks.Follow(full).DirectoryName)
            throw OnnxReader.Invalid(graph, $"its data file '{location}' is a link out of the model's folder");
        if (File.Exists(real) && RegularFile.WhyNot(real) is { } what)
            throw OnnxReader.Invalid(graph, $"its data file '{location}' cannot be read: {what}");
        return new FileInfo(real);
    }

    /// <summary>The same without an error; null: it is no such file.</summary>
    public static FileInfo? Find(string graph, string location)
    {
        try
        {
            return Resolve(graph, location) is { Exists: true } file ? file : null;
        }
        catch (ColbertException)
        {
            return null;
        }
    }

    // A folder on the way may be a link as well.
    private static string Follow(string folder, string relative)
    {
        string path = folder;
        foreach (string part in relative.Split(Path.DirectorySeparatorChar))
        {
            path = Path.Combine(path, part);
            path = Target(Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path));
        }

        return path;
    }

    private static string Target(FileSystemInfo entry) =>
        entry.LinkTarget is null ? entry.FullName : entry.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? entry.FullName;

    private static bool IsWithin(string folder, string file) =>
        file.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
