using System.Diagnostics;
using System.Globalization;

namespace ColbertOnnx.Benchmarks;

/// <summary>
/// The memory that is this process's alone: pages of mapped files, which others share and the system may drop, do not count.
/// </summary>
internal sealed class PrivateMemory : IDisposable
{
    private readonly Timer timer;
    private long peak;

    private PrivateMemory() => timer = new Timer(_ => Look(), null, 0, 10);

    public static long Bytes
    {
        get
        {
            const string Name = "RssAnon:";
            if (!OperatingSystem.IsLinux()) return Process.GetCurrentProcess().PrivateMemorySize64;
            string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(Name, StringComparison.Ordinal));
            return long.Parse(
                line.AsSpan(Name.Length, line.Length - Name.Length - 2).Trim(), NumberStyles.None, CultureInfo.InvariantCulture) * 1024;
        }
    }

    /// <summary>Looks a hundred times a second from now on.</summary>
    public static PrivateMemory Watch() => new();

    public long Peak
    {
        get
        {
            Look();
            return Interlocked.Read(ref peak);
        }
    }

    public void Dispose() => timer.Dispose();

    private void Look()
    {
        long now = Bytes, before = Interlocked.Read(ref peak);
        if (now > before) Interlocked.CompareExchange(ref peak, now, before);
    }
}
