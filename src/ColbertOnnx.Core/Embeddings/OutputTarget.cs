using ColbertOnnx.Native;

namespace ColbertOnnx.Embeddings;

/// <summary>Where an output goes that a user names. A link that is named stays, and what it leads to is written; links within a named folder are files of it, and are replaced.</summary>
internal static class OutputTarget
{
    /// <summary>The full path behind all links, without a slash at its end. It need not exist.</summary>
    /// <exception cref="ColbertException">
    /// <see cref="ColbertErrorId.InputInvalid"/>: the root of a file system. <see cref="ColbertErrorId.OutputFailed"/>: something that is neither file nor folder, or links in a circle.
    /// </exception>
    public static string Of(string path)
    {
        string target = "";
        OutputGuard.Run(path, () => target = FileLinks.Follow(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))).FullName);
        if (Path.GetPathRoot(target) == target) throw new ColbertException(ColbertErrorId.InputInvalid, $"'{path}' is the root of a file system, where no results are written.", path, "Name a folder in it.");
        return OperatingSystem.IsWindows() || FileStatus.Of(target) is not { IsFile: false, IsFolder: false } ? target : throw new ColbertException(
            ColbertErrorId.OutputFailed, $"'{path}' is neither a file nor a folder: it would be replaced by one.", path, "Choose another output.");
    }
}
