using ColbertOnnx.Cli.Streams;

namespace ColbertOnnx.Cli;

/// <summary>Downloads and exports on the error terminal: a line that changes, and a line that stays for what the user must know.</summary>
internal sealed class HubNotes(Terminal terminal) : IProgress<ColbertProgress>
{
    private readonly Lock gate = new();
    private readonly RunProgress progress = new(terminal);

    public void Report(ColbertProgress value)
    {
        lock (gate)
        {
            if (value.Notice is { } notice)
            {
                progress.End();
                terminal.Note(notice);
            }

            progress.Report(value with { Notice = null });
        }
    }

    public void End() => progress.End();
}
