using System.Diagnostics;
using ColbertOnnx.Cli.Streams;

namespace ColbertOnnx.Cli;

/// <summary>A line on the error terminal, five times a second at most, after two seconds of work; nothing when it is redirected.</summary>
internal sealed class RunProgress(Terminal terminal) : IProgress<ColbertProgress>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly long began = Stopwatch.GetTimestamp();
    private long shown;
    private bool visible;

    public void Show(long texts) =>
        Show(string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{ShownText.Count(texts, "text", format: "N0")}, {texts / Stopwatch.GetElapsedTime(began).TotalSeconds:N0}/s"));

    /// <summary>Texts with their speed, anything else as it is.</summary>
    public void Report(ColbertProgress value)
    {
        if (value is { Done: > 0, Total: 0 }) Show(value.Done);
        else Show(value.ToString());
    }

    public void Show(string status)
    {
        if (!Terminal.ErrorIsTerminal) return;
        TimeSpan elapsed = Stopwatch.GetElapsedTime(began);
        if (elapsed < Patience || Stopwatch.GetElapsedTime(shown) < Pause) return;
        shown = Stopwatch.GetTimestamp();
        visible = true;
        terminal.Error.Write($"\r{ShownText.Of(status)} \u001b[K");
    }

    public void End()
    {
        if (visible) terminal.Error.Write("\r\u001b[K");
        visible = false;
    }
}
