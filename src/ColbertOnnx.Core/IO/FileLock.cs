namespace ColbertOnnx.IO;

/// <summary>
/// A file that only one process may open at a time (flock on Unix): the system frees it when the process ends, however it does.
/// </summary>
internal static class FileLock
{
    /// <summary>Null: somebody else holds it. A link is not followed: the file behind it may be anybody's.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static FileStream? TryTake(string path, FileMode mode = FileMode.OpenOrCreate)
    {
        FileLinks.Refuse(path);
        try
        {
            return new FileStream(path, mode, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException e) when (IsHeld(e))
        {
            return null;
        }
    }

    // ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION; EWOULDBLOCK of Linux, of macOS.
    private static bool IsHeld(IOException e) => OperatingSystem.IsWindows()
        ? (e.HResult & 0xFFFF) is 32 or 33
        : e.HResult == (OperatingSystem.IsLinux() ? 11 : 35);
}
