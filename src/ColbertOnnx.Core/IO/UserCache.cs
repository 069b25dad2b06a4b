namespace ColbertOnnx.IO;

/// <summary>The user's folder for what can be made again: models of the hub that were exported here, packed weights.</summary>
internal static class UserCache
{
    /// <summary>Names another folder.</summary>
    public const string Variable = "COLBERT_CACHE";

    /// <summary>
    /// As a value of <see cref="Variable"/>: no cache of weights. Models of the hub must lie somewhere, and lie in the system's place.
    /// </summary>
    public const string Off = "off";

    /// <summary>COLBERT_CACHE, else the system's place for caches. It need not exist yet. Null: there is no folder of the user's.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: COLBERT_CACHE is not a full path.</exception>
    public static string? Folder => Find(Environment.GetEnvironmentVariable, () => UserHome.Folder);

    /// <summary>Whether this value of the variable means that no weights are kept.</summary>
    public static bool IsOff(string? value) => string.Equals(value, Off, StringComparison.OrdinalIgnoreCase);

    /// <summary>Bytes; null where it is unknown, as on a share of Windows, which has no drive.</summary>
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

    internal static string? Find(Func<string, string?> variable, Func<string?> home)
    {
        if (Set(Variable) is { } named && !IsOff(named))
        {
            return Path.IsPathFullyQualified(named) ? Path.GetFullPath(named) : throw new ColbertException(
                ColbertErrorId.InputInvalid, $"{Variable} is '{named}', which is another folder in each working folder.", named,
                $"Set it to a full path, or to '{Off}'.");
        }

        if (OperatingSystem.IsWindows())
            return (Full("LOCALAPPDATA") ?? Below("AppData", "Local")) is { } local ? Path.Combine(local, "ColbertOnnx", "Cache") : null;
        if (OperatingSystem.IsMacOS()) return Below("Library", "Caches", "colbert-onnx");
        return (Full("XDG_CACHE_HOME") ?? Below(".cache")) is { } caches ? Path.Combine(caches, "colbert-onnx") : null;

        string? Set(string name) => variable(name) is { Length: > 0 } value ? value : null;

        // The XDG rules say so of theirs: what is not a full path is passed over.
        string? Full(string name) => Set(name) is { } value && Path.IsPathFullyQualified(value) ? value : null;

        string? Below(params string[] names) => home() is { } folder ? Path.Combine([folder, .. names]) : null;
    }
}
