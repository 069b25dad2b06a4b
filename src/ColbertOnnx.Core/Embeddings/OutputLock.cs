using System.Globalization;
using System.Text;
using ColbertOnnx.IO;

namespace ColbertOnnx.Embeddings;

/// <summary>
/// One process's hold on the place where a resumable output gathers. Its holder is written in a file beside the lock, which others may read
/// also where a locked file cannot be.
/// </summary>
internal static class OutputLock
{
    // A file of its own, so that others may look into the journal.
    private const string LockName = "lock", HolderName = "holder.txt";
    private const int Most = 1000;

    /// <summary>Names of both.</summary>
    public static readonly string[] Files = [LockName, HolderName];

    /// <param name="folder">The place.</param>
    /// <param name="target">What it becomes.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputHeld"/>: another process is at it.</exception>
    /// <exception cref="IOException">The lock cannot be opened.</exception>
    public static FileStream Take(string folder, string target)
    {
        FileStream held = FileLock.TryTake(Path.Combine(folder, LockName)) ?? throw Held(folder, target);
        try
        {
            string now = DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            string holder = Path.Combine(folder, HolderName);
            FileLinks.Refuse(holder);
            File.WriteAllText(
                holder,
                string.Create(
                    CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName} since {now} UTC"));
            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>The lock alone, for a moment; null: another process is at it.</summary>
    /// <exception cref="IOException">The lock cannot be opened.</exception>
    public static FileStream? Try(string folder) => FileLock.TryTake(Path.Combine(folder, LockName));

    private static ColbertException Held(string folder, string target) => new(
        ColbertErrorId.OutputHeld, $"'{target}' is being written by {Holder(folder)}.", target,
        "Wait until it has ended, or choose another output.");

    private static string Holder(string folder)
    {
        try
        {
            if (RegularFile.Read(Path.Combine(folder, HolderName), Most) is { Length: > 0 } bytes) return Encoding.UTF8.GetString(bytes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It begins or ends in this moment.
        }

        return "another process";
    }
}
