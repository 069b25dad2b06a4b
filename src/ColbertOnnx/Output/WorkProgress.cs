using System.Globalization;
using System.Management.Automation;

namespace ColbertOnnx.PowerShell.Output;

/// <summary>
/// A progress record five times a second at most, and only after two seconds of work; with the part that is done and the time that is left
/// where the whole is known.
/// </summary>
internal sealed class WorkProgress(Action<ProgressRecord> write, string activity, TimeProvider? clock = null) : IProgress<ColbertProgress>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static int lastId = 0x0C01BE27;

    private readonly int id = Interlocked.Increment(ref lastId);
    private readonly TimeProvider clock = clock ?? TimeProvider.System;
    private readonly long began = (clock ?? TimeProvider.System).GetTimestamp();
    private (long At, double Part)? first;
    private long shown;
    private bool visible;

    /// <summary>Texts that are done, of how many (null: unknown).</summary>
    public void Show(long texts, long? total = null) => Show(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(total is null ? "" : $"{texts:N0} of ")}{ShownText.Count(total ?? texts, "text", format: "N0")}, "
                + $"{texts / clock.GetElapsedTime(began).TotalSeconds:N0}/s"),
        total > 0 ? (double)texts / total : null);

    /// <summary>Texts with their speed, anything else as it is.</summary>
    public void Report(ColbertProgress value)
    {
        if (value is { Done: > 0, Total: 0 }) Show(value.Done);
        else Show(value.ToString());
    }

    /// <param name="status">What is being done.</param>
    /// <param name="part">How much of it is done, 0 to 1; null: unknown.</param>
    public void Show(string status, double? part = null)
    {
        // What was done before the first report, an earlier download's bytes, says nothing about speed.
        if (part is { } now) first ??= (clock.GetTimestamp(), now);
        if (clock.GetElapsedTime(began) < Patience || (visible && clock.GetElapsedTime(shown) < Pause)) return;
        shown = clock.GetTimestamp();
        visible = true;
        write(new ProgressRecord(id, ShownText.Of(activity), ShownText.Of(status))
        {
            PercentComplete = part is null ? -1 : (int)Math.Clamp(part.Value * 100, 0, 100),
            SecondsRemaining = SecondsLeft(part),
        });
    }

    public void End()
    {
        if (!visible) return;
        visible = false;
        write(new ProgressRecord(id, ShownText.Of(activity), "Done") { RecordType = ProgressRecordType.Completed });
    }

    private int SecondsLeft(double? part)
    {
        if (part is not { } now || first is not { } start || now <= start.Part) return -1;
        return (int)Math.Min(Math.Ceiling(clock.GetElapsedTime(start.At).TotalSeconds * (1 - now) / (now - start.Part)), int.MaxValue);
    }
}
