using System.Globalization;

namespace ColbertOnnx.Tests.Faces;

/// <summary>A control group of Linux, of the second kind or the first, whose processes share a limit of CPU time.</summary>
internal sealed class ControlGroup : IDisposable
{
    private const string Root = "/sys/fs/cgroup";
    private const int Period = 100_000;

    private readonly string folder;
    private readonly bool isSecond;

    private ControlGroup(string folder, bool isSecond)
    {
        this.folder = folder;
        this.isSecond = isSecond;
    }

    /// <summary>Whoever writes its own number here is in the group.</summary>
    public string Processes => Path.Combine(folder, "cgroup.procs");

    /// <summary>Null where this process may not make one.</summary>
    public static ControlGroup? TryMake(double cpus)
    {
        bool isSecond = File.Exists($"{Root}/cgroup.controllers");
        string folder = Path.Combine(isSecond ? Root : $"{Root}/cpu", $"colbert-test-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(folder);
            var group = new ControlGroup(folder, isSecond);
            group.Limit(cpus);
            return group;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (Directory.Exists(folder)) Directory.Delete(folder);
            return null;
        }
    }

    public void Limit(double cpus)
    {
        string quota = ((int)(cpus * Period)).ToString(CultureInfo.InvariantCulture);
        if (isSecond) Write("cpu.max", $"{quota} {Period}");
        else
        {
            Write("cpu.cfs_period_us", $"{Period}");
            Write("cpu.cfs_quota_us", quota);
        }
    }

    public void Dispose() => Directory.Delete(folder);

    // Opened as it is: these files can be neither created nor cut off.
    private void Write(string file, string value)
    {
        using var stream = new FileStream(Path.Combine(folder, file), FileMode.Open, FileAccess.Write);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(value));
    }
}
