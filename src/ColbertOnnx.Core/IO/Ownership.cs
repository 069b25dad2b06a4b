using ColbertOnnx.Native;

namespace ColbertOnnx.IO;

/// <summary>
/// Who may have written what lies in a cache. What anybody else could have put there is not believed, and what is not the user's is not
/// deleted. A link is neither followed nor deleted.
/// </summary>
internal static class Ownership
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const string OfAnother = "belongs to another user", Changeable = "may be changed by other users";
    private const string Untold = "has no owner that the system tells";

    /// <summary>Why it is not to be believed, as the end of a sentence about it; null: it may be, or there is nothing.</summary>
    public static string? WhyNot(string path)
    {
        if (IsLink(path)) return "is a link";
        if (OperatingSystem.IsWindows())
            return !Path.Exists(path) || WindowsOwner.IsUser(path) || WindowsOwner.IsAdministrator(path) ? null : OfAnother;
        if (FileStatus.Of(path) is not { } status) return FileStatus.IsTold ? null : Untold;
        if (!status.IsTrusted) return OfAnother;
        return status.IsWritableByOthers ? Changeable : null;
    }

    /// <summary>A file or folder, and no link, of this very user.</summary>
    public static bool IsUsers(string path)
    {
        if (IsLink(path)) return false;
        if (OperatingSystem.IsWindows()) return Path.Exists(path) && WindowsOwner.IsUser(path);
        return FileStatus.Of(path) is { } status && (status.IsFile || status.IsFolder) && status.Owner == FileStatus.User;
    }

    /// <summary>Makes a folder, and those above it that are not there, for the user alone.</summary>
    public static void MakeFolder(string path)
    {
        if (Directory.Exists(path)) return;
        if (Path.GetDirectoryName(path) is { Length: > 0 } above) MakeFolder(above);
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, Private);
    }

    /// <summary>
    /// What is the user's can be changed by the user alone from here on. For folders: what was in it before is looked at one by one.
    /// </summary>
    public static void Close(string path)
    {
        if (OperatingSystem.IsWindows() || !IsUsers(path)) return;
        UnixFileMode mode = File.GetUnixFileMode(path);
        if ((mode & WritableByOthers) != 0) File.SetUnixFileMode(path, mode & ~WritableByOthers);
    }

    /// <summary>
    /// Looks at the folder that holds a cache: anyone who may write to it can put another folder in the place of one below it. One like
    /// /tmp will do, where users cannot move each other's files, and a link will do, if the user or root made it. A folder of the user that
    /// his group may write to, as some systems make all of them, is closed; one that is plainly shared is somebody's decision, and stays as
    /// it is.
    /// </summary>
    /// <returns>Null: it may hold one, or is not there yet. Else why not, as the end of a sentence about it.</returns>
    public static string? ClaimRoot(string path)
    {
        path = Path.TrimEndingDirectorySeparator(path);
        if (!Directory.Exists(path))
            return IsLink(path) ? "is a link that leads to no folder" : Path.Exists(path) ? "is not a folder" : null;
        if (OperatingSystem.IsWindows()) return WindowsOwner.IsUser(path) || WindowsOwner.IsAdministrator(path) ? null : OfAnother;
        if (!FileStatus.IsTold) return Untold;
        if (FileStatus.Of(path) is { IsTrusted: false }) return OfAnother;

        // Behind a link, if it is one. Null: it may not be entered, and trying gives an error.
        if (FileStatus.Of(path + "/.") is not { } folder) return null;
        if (!folder.IsTrusted) return OfAnother;
        if (!folder.IsWritableByOthers || folder.IsSticky) return null;
        if (folder.Owner != FileStatus.User || folder.IsShared) return Changeable;
        File.SetUnixFileMode(path, (UnixFileMode)(folder.Mode & 0xFFF) & ~UnixFileMode.GroupWrite);
        return FileStatus.Of(path + "/.") is { IsWritableByOthers: false } ? null : Changeable;
    }

    /// <summary>Makes a folder of a cache for the user alone; each of its levels is looked at.</summary>
    /// <param name="root">The cache.</param>
    /// <param name="levels">Names below it, one in the other.</param>
    /// <returns>Null, or why the folder is not to be used, with the level that is at fault.</returns>
    public static string? Claim(string root, params ReadOnlySpan<string> levels)
    {
        if (ClaimRoot(root) is { } fault) return $"'{root}' {fault}";
        MakeFolder(root);
        string path = root;
        foreach (string level in levels)
        {
            path = Path.Combine(path, level);
            if (!IsLink(path)) MakeFolder(path);
            Close(path);
            if (WhyNot(path) is { } reason) return $"'{path}' {reason}";
        }

        return null;
    }

    private static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;
}
