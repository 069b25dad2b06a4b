using ColbertOnnx.Cli.Streams;
using ColbertOnnx.Hub;

namespace ColbertOnnx.Cli;

/// <summary>Downloads and exports on the error terminal: a line that changes, and a line that stays for what the user must know.</summary>
internal sealed class HubNotes(Terminal terminal) : IProgress<HubProgress>
{
    private readonly Lock gate = new();
    private readonly RunProgress progress = new(terminal);

    public void Report(HubProgress value)
    {
        lock (gate)
        {
            if (value.Notice is { } notice)
            {
                progress.End();
                terminal.Note(notice);
            }

            progress.Show(value.BytesTotal == 0 ? value.File : FormattableString.Invariant($"{value.File}: {value.BytesDone / 1e6:f0} of {value.BytesTotal / 1e6:f0} MB"));
        }
    }

    public void End() => progress.End();
}
