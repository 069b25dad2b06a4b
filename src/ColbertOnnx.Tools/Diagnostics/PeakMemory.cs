using System.Globalization;

namespace ColbertOnnx.Diagnostics;

/// <summary>
/// The most memory that the process had resident since <see cref="Begin"/>. Linux keeps that number itself and can begin anew; elsewhere,
/// and where a container forbids it, a thread looks twenty times a second.
/// </summary>
internal sealed class PeakMemory : IDisposable
{
    private readonly bool isKept;
    private readonly Timer? timer;
    private long seen;

    private PeakMemory()
    {
        isKept = TryReset();
        if (!isKept) timer = new Timer(_ => Look(), null, 0, 50);
    }

    public static PeakMemory Begin() => new();

    public long Bytes
    {
        get
        {
            if (isKept) return ReadKept();
            Look();
            return Interlocked.Read(ref seen);
        }
    }

    public void Dispose() => timer?.Dispose();

    private void Look()
    {
        long now = Environment.WorkingSet, before = Interlocked.Read(ref seen);
        if (now > before) Interlocked.CompareExchange(ref seen, now, before);
    }

    private static bool TryReset()
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
            return ReadKept() > 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static long ReadKept()
    {
        const string Name = "VmHWM:";
        string line =
            File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith(Name, StringComparison.Ordinal)) ?? $"{Name} 0 kB";
        return long.Parse(
            line.AsSpan(Name.Length, line.Length - Name.Length - 2).Trim(), NumberStyles.None, CultureInfo.InvariantCulture) * 1024;
    }
}
