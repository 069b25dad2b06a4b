namespace ColbertOnnx.Runtime;

/// <summary>All entries of a cache: keeps them within bounds. What another process holds open or removes at the same time is passed over.</summary>
internal sealed class WeightsFolder(string folder)
{
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    /// <summary>Removes entries, used longest ago first, until the rest takes no more than <paramref name="room"/> bytes; and what broken off work left.</summary>
    public void Trim(long room, string keep)
    {
        string[] folders = Directory.GetDirectories(folder);
        foreach (string left in folders.Where(IsTemporary).Where(f => DateTime.UtcNow - Directory.GetLastWriteTimeUtc(f) > Abandoned))
            Try(() => Directory.Delete(left, recursive: true));
        foreach (string left in Directory.EnumerateFiles(folder, ".*").Where(f => DateTime.UtcNow - File.GetLastWriteTimeUtc(f) > Abandoned))
            Try(() => File.Delete(left));

        long sum = 0;
        foreach ((string entry, long bytes) in folders.Where(f => !IsTemporary(f)).OrderByDescending(f => f == keep).ThenByDescending(LastUse).Select(f => (f, Bytes(f))).ToArray())
        {
            sum += bytes;
            if (sum > room && entry != keep) Try(() => WeightsCache.Discard(entry));
        }
    }

    private static bool IsTemporary(string path) => Path.GetFileName(path).StartsWith('.');

    private static DateTime LastUse(string entry) => File.GetLastWriteTimeUtc(Path.Combine(entry, WeightsEntry.SealFile));

    private static long Bytes(string entry)
    {
        long bytes = 0;
        Try(() => bytes = new DirectoryInfo(entry).EnumerateFiles().Sum(file => file.Length));
        return bytes;
    }

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
