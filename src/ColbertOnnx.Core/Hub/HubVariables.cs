using System.Text.RegularExpressions;

namespace ColbertOnnx.Hub;

/// <summary>
/// Paths in variables as huggingface_hub reads them: first a user's folder (<c>~</c>, <c>~name</c>), then variables (<c>$NAME</c>,
/// <c>${NAME}</c>, on Windows <c>%NAME%</c>), once. What names no user and no variable stays as it is written.
/// </summary>
internal static partial class HubVariables
{
    private const string Users = "/etc/passwd";

    public static string Expand(string path, Func<string, string?> variable, string? userFolder) =>
        (OperatingSystem.IsWindows() ? WindowsReference() : Reference()).Replace(
            ExpandUser(path, userFolder), match => variable(match.Groups["name"].Value) ?? match.Value);

    private static string ExpandUser(string path, string? userFolder)
    {
        if (!path.StartsWith('~')) return path;
        int end = path.AsSpan().IndexOfAny('/', OperatingSystem.IsWindows() ? '\\' : '/');
        if (end < 0) end = path.Length;
        return FolderOf(path[1..end], userFolder) is { } folder ? Path.TrimEndingDirectorySeparator(folder) + path[end..] : path;
    }

    private static string? FolderOf(string user, string? userFolder)
    {
        if (user.Length == 0) return userFolder;
        // Folders of users are neighbours where no file lists them.
        if (OperatingSystem.IsWindows() || OperatingSystem.IsMacOS())
            return Path.GetDirectoryName(userFolder) is { } all && Directory.Exists(Path.Combine(all, user))
                ? Path.Combine(all, user)
                : null;
        try
        {
            return File.ReadLines(Users).Select(line => line.Split(':'))
                .FirstOrDefault(fields => fields.Length > 5 && fields[0] == user)?[5];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\$(?:(?<name>[A-Za-z0-9_]+)|\{(?<name>[^}]*)\})")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\$(?:(?<name>[A-Za-z0-9_]+)|\{(?<name>[^}]*)\})|%(?<name>[^%]+)%")]
    private static partial Regex WindowsReference();
}
