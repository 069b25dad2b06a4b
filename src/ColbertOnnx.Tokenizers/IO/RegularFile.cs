using ColbertOnnx.Native;

namespace ColbertOnnx.IO;

/// <summary>
/// Files that are read as a whole or at any place: those of models, checkpoints, references and caches. A named pipe would be waited for
/// without end, and a device has none: what a file is, is asked before it is opened. Texts are another matter, they may come from a pipe.
/// </summary>
internal static class RegularFile
{
    /// <summary>Why it cannot be read, as the end of a sentence about it; null: it is a regular file, or opening it says more.</summary>
    public static string? WhyNot(string path)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0')) return "no file can have this name";
        if (FileStatus.Behind(path) is { } status)
            return status.IsFile ? null : status.IsFolder ? "it is a folder" : "it is not a regular file";
        if (Directory.Exists(path)) return "it is a folder";
        return new FileInfo(path).LinkTarget is { } target && !IsThere(path) ? $"it is a link to '{target}', which is not there" : null;
    }

    /// <exception cref="IOException">It is none.</exception>
    public static void Require(string path)
    {
        if (WhyNot(path) is { } what) throw new IOException($"{what}.");
    }

    /// <summary>Its bytes; null when they are more than <paramref name="most"/>.</summary>
    /// <exception cref="IOException">It is none, or cannot be read.</exception>
    public static byte[]? Read(string path, long most)
    {
        Require(path);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        if (file.Length > most) return null;
        byte[] bytes = new byte[file.Length];
        int read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return read == bytes.Length ? bytes : bytes[..read];
    }

    // Links in a circle lead nowhere either.
    private static bool IsThere(string path)
    {
        try
        {
            return FileLinks.Follow(path).Exists;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
