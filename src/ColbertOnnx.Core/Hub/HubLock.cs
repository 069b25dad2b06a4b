using ColbertOnnx.IO;
namespace ColbertOnnx.Hub;

/// <summary>
/// Holds one blob for one process at a time, by the lock that huggingface_hub takes as well: a file that no other process may open (flock
/// on Unix). The file stays, for taking it away would let two in. Where a file system knows no locks, two fetch the same bytes twice, and
/// the hash still decides.
/// </summary>
internal sealed class HubLock : IDisposable
{
    private const int PausesBeforeNotice = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly FileStream stream;

    private HubLock(FileStream stream) => this.stream = stream;

    /// <param name="path">The lock's file.</param>
    /// <param name="waiting">Called once when somebody else holds it for a second.</param>
    /// <param name="cancellation">Ends the waiting, which has no other end: the holder's system frees the lock when the holder
    /// ends.</param>
    public static async Task<HubLock> TakeAsync(string path, Action waiting, CancellationToken cancellation)
    {
        HubDisk.Run(path, () => Directory.CreateDirectory(Path.GetDirectoryName(path)!));
        for (int pauses = 0; ; pauses++)
        {
            if (HubDisk.Run(path, () => FileLock.TryTake(path)) is { } stream) return new HubLock(stream);
            if (pauses == PausesBeforeNotice) waiting();
            await Task.Delay(Pause, cancellation);
        }
    }

    public void Dispose() => stream.Dispose();
}
