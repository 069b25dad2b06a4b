namespace ColbertOnnx.Runtime;

/// <summary>The user's folder for what can be made again: models of the hub that were exported here, packed weights.</summary>
internal static class UserCache
{
    /// <summary>Names another folder.</summary>
    public const string Variable = "COLBERT_CACHE";

    /// <summary>As a value of <see cref="Variable"/>: no cache of weights. Models of the hub must lie somewhere, and lie in the system's place.</summary>
    public const string Off = "off";

    /// <summary>COLBERT_CACHE, else the system's place for caches. It need not exist yet.</summary>
    public static string Folder => Find(Environment.GetEnvironmentVariable, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    /// <summary>Bytes; null where it cannot be told, as on a share of Windows, which has no drive.</summary>
    public static long? FreeSpace(string folder)
    {
        try
        {
            // A drive on Windows, the mounted file system elsewhere.
            return new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    internal static string Find(Func<string, string?> variable, string home)
    {
        if (Set(Variable) is { } named && !string.Equals(named, Off, StringComparison.OrdinalIgnoreCase)) return Path.GetFullPath(named);
        if (OperatingSystem.IsWindows()) return Path.Combine(Set("LOCALAPPDATA") ?? Path.Combine(home, "AppData", "Local"), "ColbertOnnx", "Cache");
        if (OperatingSystem.IsMacOS()) return Path.Combine(home, "Library", "Caches", "colbert-onnx");
        return Path.Combine(Set("XDG_CACHE_HOME") ?? Path.Combine(home, ".cache"), "colbert-onnx");

        string? Set(string name) => variable(name) is { Length: > 0 } value ? value : null;
    }
}
