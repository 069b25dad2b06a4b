using ColbertOnnx.IO;
using ColbertOnnx.Native;

namespace ColbertOnnx.Embeddings;

/// <summary>
/// Where an output goes that a user names. A link that is named stays, and what it leads to is written; links within a named folder are
/// files of it, and are replaced.
/// </summary>
public static class OutputTarget
{
    /// <summary>The full path behind all links, without a slash at its end. It need not exist.</summary>
    /// <exception cref="ColbertException">
    /// <see cref="ColbertErrorId.InputInvalid"/>: no path, or the root of a file system. <see cref="ColbertErrorId.OutputFailed"/>:
    /// something that is neither file nor folder, links in a circle, or a file in the place of one of its folders.
    /// </exception>
    internal static string Of(string path)
    {
        GivenPath.Require(path, "an output");
        string target = "";
        OutputGuard.Run(path, () => target = FileLinks.Follow(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))).FullName);
        if (Refusal(path, target, Path.GetPathRoot(target)) is { } refusal) throw refusal;
        if (NearestAbove(target) is { } above && !Directory.Exists(above))
            throw new ColbertException(
                ColbertErrorId.OutputFailed, $"'{path}' lies below '{above}', which is a file.", path, "Choose another output.");
        return OperatingSystem.IsWindows() || FileStatus.Of(target) is not { IsFile: false, IsFolder: false }
            ? target
            : throw new ColbertException(
            ColbertErrorId.OutputFailed, $"'{path}' is neither a file nor a folder: it would be replaced by one.", path,
            "Choose another output.");
    }

    /// <summary>Why nothing is written to a name that stands for no file in a folder; null: it may be.</summary>
    /// <param name="path">As it was given.</param>
    /// <param name="target">Its full path: Windows makes <c>\\.\NUL</c> of NUL, and of aux.npz <c>\\.\aux</c>.</param>
    /// <param name="root">The root of that.</param>
    internal static ColbertException? Refusal(string path, string target, string? root)
    {
        if (target.StartsWith(@"\\.\", StringComparison.Ordinal))
            return new(
                ColbertErrorId.InputInvalid, $"'{path}' is the name of a device of Windows, which no file can have.", path,
                "Choose another name.");
        return target == root
            ? new(
                ColbertErrorId.InputInvalid, $"'{path}' is the root of a file system, where no results are written.", path,
                "Name a folder in it.")
            : null;
    }

    /// <summary>The nearest that is there of the folders above an output; null: none is.</summary>
    internal static string? NearestAbove(string target)
    {
        string? folder = Path.GetDirectoryName(target);
        while (folder is not null && !Path.Exists(folder)) folder = Path.GetDirectoryName(folder);
        return folder;
    }

    /// <summary>Before anything is read: what is written would take the place of what it is made from.</summary>
    /// <param name="path">The output.</param>
    /// <param name="inputs">Files; "-" is standard input.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputExists"/>: an input is the output, whatever their names, or lies
    /// among the results of that folder.</exception>
    public static void RefuseInputs(string path, params IEnumerable<string> inputs)
    {
        StringComparison comparison = OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        string output = Real(path);
        bool isFolder = Directory.Exists(output);
        foreach (string input in inputs)
        {
            string real = Real(input != "-" ? input : OperatingSystem.IsLinux() ? "/dev/stdin" : input);
            bool isAmong = isFolder && string.Equals(Path.GetDirectoryName(real), output, comparison)
                && Enum.GetValues<TextKind>().Any(kind => EarlierResults.Is(Path.GetFileName(real), kind));
            if (!isAmong && !string.Equals(real, output, comparison)) continue;
            string name = input == "-" ? "standard input" : $"'{input}'";
            throw new ColbertException(
                ColbertErrorId.OutputExists, $"The output '{path}' would replace the input {name}{(isAmong ? ", which lies in it" : "")}.",
                path, "Choose another output.");
        }
    }

    // Links in a circle: reading or writing tells them.
    private static string Real(string path)
    {
        try
        {
            return FileLinks.Real(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Path.GetFullPath(path);
        }
    }
}
