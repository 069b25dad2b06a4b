using System.Globalization;
using ColbertOnnx.Native;

namespace ColbertOnnx.IO;

/// <summary>
/// The folder of the user below which caches lie. In containers HOME often names none; then a folder of the user alone stands for it
/// in the system's place for temporary files. It is never one of the working folder: its maker could put a model there.
/// </summary>
internal static class UserHome
{
    /// <summary>A full path; null where there is none that is the user's alone.</summary>
    public static string? Folder => Find(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), Path.GetTempPath());

    /// <summary>What is left to do without one.</summary>
    public const string Advice = "Let HOME name a folder of yours.";

    internal static string? Find(string home, string temporary)
    {
        if (Path.IsPathFullyQualified(home) && Directory.Exists(home)) return home;
        string folder = Path.Combine(
            Path.IsPathFullyQualified(temporary) ? temporary : Path.DirectorySeparatorChar + "tmp", "colbert-onnx-" + Name);
        try
        {
            if (!Path.IsPathFullyQualified(folder)) return null;
            Ownership.MakeFolder(folder);
            return Ownership.WhyNot(folder) is null && Ownership.IsUsers(folder) ? folder : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Name =>
        OperatingSystem.IsWindows() ? Environment.UserName : FileStatus.User.ToString(CultureInfo.InvariantCulture);
}
