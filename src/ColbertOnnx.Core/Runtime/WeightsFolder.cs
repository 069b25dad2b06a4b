using System.Text;
using ColbertOnnx.IO;

namespace ColbertOnnx.Runtime;

/// <summary>
/// The folder of all entries. "weights" is a name that others use as well: it is marked when it is made, a folder of somebody else's is not
/// used, and only what is ours by its name, its seal and its owner is ever removed. Links are neither followed nor removed.
/// </summary>
internal sealed class WeightsFolder(string folder)
{
    /// <summary>Marks a cache, for programs that make backups as well (bford.info/cachedir).</summary>
    public const string Tag = "CACHEDIR.TAG";

    private const string TagText =
        "Signature: 8a477f597d28d172789f06886806bc55\n# Packed weights of ColbertOnnx. They are made again when they are needed.\n";
    private const string Staging = ".new-";
    private const string Discarded = ".old-";
    private const string Attempt = ".try-";
    private const string NoFolder = "is not a folder", Others = "holds other files than packed weights";
    private const string Advice = $"{UserCache.Variable} names another folder; '{UserCache.Off}' means none.";

    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);
    private static readonly TimeSpan Pause = TimeSpan.FromDays(30);
    private static readonly string[] Parts =
    [
        WeightsEntry.SealFile, WeightsEntry.GraphFile, WeightsEntry.DataFile, PackedData.Aligned(WeightsEntry.DataFile),
    ];

    public string Entry(string name) => Path.Combine(folder, name);

    /// <summary>Why it is not used, a sentence for the user; null: it may be, or it is not there yet.</summary>
    public string? WhyNot()
    {
        if (Path.GetDirectoryName(folder) is { } root && Ownership.ClaimRoot(root) is { } fault) return Sentence(root, fault);
        Ownership.Close(folder);
        string? reason = Ownership.WhyNot(folder);
        if (reason is null && Path.Exists(folder)) reason = !Directory.Exists(folder) ? NoFolder : !IsOurs() ? Others : null;
        return reason is null ? null : Sentence(folder, reason);
    }

    /// <summary>Why what is not a whole entry cannot be made again, a sentence for the user; null: it can, or there is nothing.</summary>
    public static string? WhyNotAgain(string entry)
    {
        if (!Path.Exists(entry) || IsEntry(entry)) return null;
        return Sentence(entry, !Directory.Exists(entry) ? NoFolder : Ownership.IsUsers(entry) ? Others : "was not made by this user");
    }

    /// <summary>What the system said, as a sentence for the user.</summary>
    public string Failure(Exception error) =>
        $"'{folder}' cannot be used, so that no packed weights are kept there: {error.Message} {Advice}";

    /// <summary>Makes and marks it.</summary>
    public void Make()
    {
        Ownership.MakeFolder(folder);
        string tag = Path.Combine(folder, Tag);
        if (!File.Exists(tag)) File.WriteAllText(tag, TagText);
    }

    /// <summary>A new folder for an entry in the making.</summary>
    public string Stage()
    {
        string path = Entry(Staging + Guid.NewGuid().ToString("N"));
        Ownership.MakeFolder(path);
        return path;
    }

    /// <summary>
    /// Notes that an entry is being made: a try that did not end is not repeated for a while. False: there was one, or there is one now.
    /// </summary>
    public bool BeginAttempt(string name)
    {
        string path = Entry(Attempt + name);
        if (File.Exists(path) && DateTime.UtcNow - File.GetLastWriteTimeUtc(path) < Pause) return false;
        if (!RemoveAttempt(path)) return false;
        try
        {
            using var file = new FileStream(path, FileMode.CreateNew); // of two at once, one
            file.Write(Encoding.UTF8.GetBytes(WeightsKey.Mark + "being made\n"));
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
    }

    public void EndAttempt(string name) => RemoveAttempt(Entry(Attempt + name));

    /// <summary>
    /// Removes an entry, away from its name first, so that no process meets half of it. False: it holds what is not ours, and stays.
    /// </summary>
    public bool Discard(string entry)
    {
        if (!IsEntry(entry)) return false;
        string away = Entry(Discarded + Guid.NewGuid().ToString("N"));
        Directory.Move(entry, away);
        Remove(away);
        return true;
    }

    /// <summary>Removes what is in the making under a name of its own, if it is still there.</summary>
    public void Abandon(string staged)
    {
        if (IsEntry(staged)) Remove(staged);
    }

    /// <summary>
    /// Removes entries, used longest ago first, until the rest takes no more than <paramref name="room"/> bytes; and what broken off work
    /// left.
    /// </summary>
    public void Trim(long room, string keep)
    {
        foreach (string left in Directory.EnumerateFileSystemEntries(folder, ".*").Where(path => Age(path) > Abandoned).ToArray())
        {
            if (IsNamed(left, Staging) || IsNamed(left, Discarded))
                Try(() =>
                {
                    if (IsSealed(left)) Remove(left);
                });
            else if (IsNamed(left, Attempt) && Age(left) > Pause) Try(() => RemoveAttempt(left));
        }

        long sum = 0;
        foreach ((string entry, long bytes) in Directory.EnumerateDirectories(folder).Where(f => IsNamed(f, "") && IsSealed(f))
            .OrderByDescending(f => f == keep).ThenByDescending(LastUse).Select(f => (f, Bytes(f))).ToArray())
        {
            sum += bytes;
            if (sum > room && entry != keep) Try(() => Discard(entry));
        }
    }

    private static string Sentence(string path, string reason) => $"'{path}' {reason}, so that no packed weights are kept there. {Advice}";

    // Marked, or without anything in it that could be somebody else's.
    private bool IsOurs()
    {
        string tag = Path.Combine(folder, Tag);
        return (File.Exists(tag) && Starts(tag, TagText)) || Directory.EnumerateFileSystemEntries(folder).All(path =>
            Path.GetFileName(path) == Tag || IsNamed(path, "") || IsNamed(path, Staging) || IsNamed(path, Discarded)
                || IsNamed(path, Attempt));
    }

    // By its form: our name, the user's, no link, and nothing in it but our files.
    private static bool IsEntry(string path) =>
        (IsNamed(path, "") || IsNamed(path, Staging) || IsNamed(path, Discarded)) && Ownership.IsUsers(path) && Directory.Exists(path)
        && Directory.EnumerateFileSystemEntries(path)
            .All(file => Parts.Contains(Path.GetFileName(file)) && Ownership.IsUsers(file) && File.Exists(file));

    private static bool IsSealed(string entry) =>
        IsEntry(entry) && Path.Combine(entry, WeightsEntry.SealFile) is var seal && File.Exists(seal) && Starts(seal, WeightsKey.Mark);

    private static bool IsNamed(string path, string kind)
    {
        string name = Path.GetFileName(path);
        return name.Length == kind.Length + 32 && name.StartsWith(kind, StringComparison.Ordinal)
            && name.AsSpan(kind.Length).IndexOfAnyExcept("0123456789abcdef") < 0;
    }

    private static bool Starts(string file, string text)
    {
        if (RegularFile.WhyNot(file) is not null) return false;
        using FileStream stream = File.OpenRead(file);
        byte[] bytes = new byte[text.Length];
        return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length && Encoding.UTF8.GetString(bytes) == text;
    }

    private static bool RemoveAttempt(string path)
    {
        if (!Path.Exists(path)) return true;
        if (!Ownership.IsUsers(path) || !File.Exists(path) || !Starts(path, WeightsKey.Mark)) return false;
        File.Delete(path);
        return true;
    }

    private static void Remove(string entry)
    {
        foreach (string part in Parts) File.Delete(Path.Combine(entry, part));
        Directory.Delete(entry);
    }

    private static TimeSpan Age(string path) => DateTime.UtcNow - File.GetLastWriteTimeUtc(path);

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
