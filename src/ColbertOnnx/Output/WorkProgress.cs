using System.Diagnostics;
using System.Globalization;

namespace ColbertOnnx.PowerShell.Output;

/// <summary>A progress record five times a second at most, and only after two seconds of work.</summary>
internal sealed class WorkProgress(ICmdletOutput output, string activity)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static int lastId = 0x0C01BE27;

    private readonly int id = Interlocked.Increment(ref lastId);
    private readonly long began = Stopwatch.GetTimestamp();
    private long shown;
    private bool visible;

    public void Show(long texts) =>
        Show(string.Create(CultureInfo.InvariantCulture, $"{texts:N0} texts, {texts / Stopwatch.GetElapsedTime(began).TotalSeconds:N0}/s"));

    public void Show(string status)
    {
        TimeSpan elapsed = Stopwatch.GetElapsedTime(began);
        if (elapsed < Patience || (visible && Stopwatch.GetElapsedTime(shown) < Pause)) return;
        shown = Stopwatch.GetTimestamp();
        visible = true;
        output.WriteProgress(id, activity, status, isDone: false);
    }

    public void End()
    {
        if (!visible) return;
        visible = false;
        output.WriteProgress(id, activity, "Done", isDone: true);
    }
}
