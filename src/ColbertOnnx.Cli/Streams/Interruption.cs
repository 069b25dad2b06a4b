using System.Runtime.InteropServices;

namespace ColbertOnnx.Cli.Streams;

/// <summary>
/// Ctrl+C and the polite signals cancel what runs; what does not end within 0.8 s is ended. On Windows Ctrl+Break is .NET's SIGQUIT and a
/// window that is closed its SIGHUP.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly PosixSignalRegistration[] registrations;
    private readonly Terminal terminal;
    private int signals;

    private Interruption(Terminal terminal)
    {
        this.terminal = terminal;
        registrations = [.. Watched(OperatingSystem.IsWindows()).Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];
    }

    public static Interruption Watch(Terminal terminal) => new(terminal);

    /// <summary>Elsewhere SIGQUIT (Ctrl+\) asks for the end at once.</summary>
    internal static PosixSignal[] Watched(bool isWindows) =>
        isWindows
            ? [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT]
            : [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in registrations) registration.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref signals) > 1) End();

        // A write to a reader that has stopped, or a read without input, cannot be cancelled.
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

        // Windows ends the process when a handler of these comes back, whatever it answers.
        if (OperatingSystem.IsWindows() && context.Signal is PosixSignal.SIGHUP or PosixSignal.SIGTERM) Thread.Sleep(Timeout.Infinite);
    }

    private static void End()
    {
        ColbertRuntime.DeleteIncomplete();
        ProcessEnd.Now(Application.Interrupted);
    }
}
