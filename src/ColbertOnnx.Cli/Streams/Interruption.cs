using System.Runtime.InteropServices;

namespace ColbertOnnx.Cli.Streams;

/// <summary>Ctrl+C and the polite signals cancel what runs; who does not end within 0.8 s is ended.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly PosixSignalRegistration[] registrations;
    private readonly Terminal terminal;
    private int signals;

    private Interruption(Terminal terminal)
    {
        this.terminal = terminal;
        PosixSignal[] watched = OperatingSystem.IsWindows()
            ? [PosixSignal.SIGINT, PosixSignal.SIGTERM]
            : [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];
        registrations = [.. watched.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];
    }

    public static Interruption Watch(Terminal terminal) => new(terminal);

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in registrations) registration.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref signals) > 1) End();

        // A write to a reader that has stopped, or a read that nobody feeds, cannot be cancelled.
        try
        {
            new Thread(static () =>
            {
                Thread.Sleep(800);
                End();
            })
            { IsBackground = true }.Start();
        }
        catch (Exception error) when (error is OutOfMemoryException or ThreadStartException)
        {
            // There are too many threads already.
            End();
        }

        terminal.Cancel();
    }

    private static void End()
    {
        ColbertRuntime.DeleteIncomplete();
        ProcessEnd.Now(Application.Interrupted);
    }
}
