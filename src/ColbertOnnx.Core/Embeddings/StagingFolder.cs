using System.Diagnostics;
using System.Globalization;
using System.Text;
using ColbertOnnx.IO;

namespace ColbertOnnx.Embeddings;

/// <summary>
/// A hidden folder beside a target in which this process gathers what becomes the target. It holds a locked file while it is in use: what
/// processes left that were ended without a chance to clean up, the next run to the same target removes; where it is all that is left of an
/// earlier result, only once there is a new one.
/// </summary>
internal sealed class StagingFolder : IDisposable
{
    /// <summary>Name of a folder in it, or in a folder in it, for what was in the target before and is being replaced.</summary>
    public const string Aside = "aside";

    private const string LockFile = "lock";
    private const string Mark = "colbert gathers its output here: ";
    private static readonly EnumerationOptions Near = new()
    {
        RecurseSubdirectories = true,
        MaxRecursionDepth = 1,
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = false,
    };
    private readonly FileStream held;

    /// <param name="folder">Where to gather: a folder of the target's file system.</param>
    /// <param name="name">What the gathering place is called after.</param>
    /// <param name="target">What it becomes.</param>
    public StagingFolder(string folder, string name, string target)
    {
        if (Directory.Exists(folder)) RemoveLeftovers(folder, name, isReplaced: false);
        Path = StagingName.In(folder, name, target);
        try
        {
            Directory.CreateDirectory(Path);
            held = FileLock.TryTake(LockOf(Path), FileMode.CreateNew) ?? throw new IOException($"'{Path}' is taken.");
            held.Write(
                Encoding.UTF8.GetBytes(
                    $"{Mark}process {Environment.ProcessId.ToString(CultureInfo.InvariantCulture)} of {Environment.MachineName}\n"));
        }
        catch
        {
            held?.Dispose();
            StagingName.Delete(Path);
            throw;
        }
    }

    public string Path { get; }

    public string FileOf(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        held.Dispose();

        // What could not be brought back is not deleted.
        if (HoldsEarlier(Path)) StagingName.Keep(Path);
        else StagingName.Delete(Path);
    }

    /// <summary>Removes what ended processes left that gathered for the same target.</summary>
    /// <param name="folder">Where they gathered.</param>
    /// <param name="name">What the gathering places are called after.</param>
    /// <param name="isReplaced">There is a new result: also what they had put aside of an earlier one goes.</param>
    public static void RemoveLeftovers(string folder, string name, bool isReplaced)
    {
        string[] all = [];
        Try(() => all =
        [
            .. Directory.EnumerateDirectories(folder, ".*").Where(path => StagingName.IsOf(System.IO.Path.GetFileName(path), name)),
        ]);
        foreach (string path in all)
        {
            Try(() =>
            {
                if (Ownership.IsUsers(path) && Ownership.IsUsers(LockOf(path)) && IsLeft(path) && (isReplaced || !HoldsEarlier(path)))
                    StagingName.Delete(path);
            });
        }

        static void Try(Action action)
        {
            try
            {
                action();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It goes away by itself, or is not ours to read.
            }
        }
    }

    private static bool HoldsEarlier(string path)
    {
        try
        {
            return Directory.EnumerateDirectories(path, Aside, Near).Any(aside => Directory.EnumerateFileSystemEntries(aside).Any());
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static string LockOf(string path) => System.IO.Path.Combine(path, LockFile);

    // Some file systems know no locks, so that the process must be gone as well; whether one of another machine is gone cannot be known
    // here.
    private static bool IsLeft(string path)
    {
        if (StagingName.IsOpen(path)) return false;
        using FileStream? taken = FileLock.TryTake(LockOf(path), FileMode.Open);
        if (taken is null) return false;
        using var reader = new StreamReader(taken);
        string text = reader.ReadToEnd();
        string[] words = text.StartsWith(Mark + "process ", StringComparison.Ordinal)
            ? text[(Mark.Length + 8)..].TrimEnd('\n').Split(" of ", 2)
            : [];
        return words.Length == 2 && words[1] == Environment.MachineName
            && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out int process)
            && (process == Environment.ProcessId || !IsAlive(process));
    }

    private static bool IsAlive(int process)
    {
        try
        {
            using Process found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return true;
        }
    }
}
