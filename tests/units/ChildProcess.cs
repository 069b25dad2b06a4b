using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ColbertOnnx.Tests;

/// <summary>
/// A process that a test starts. It ends with the test, and so does all that it started itself; after <see cref="Patience"/> it ends in any
/// case, so no wait for it or for what it writes is without an end.
/// </summary>
internal sealed partial class ChildProcess : Process
{
    /// <summary>What nothing here takes, on a machine however busy: the end of every wait in these tests.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static readonly ConcurrentDictionary<ChildProcess, bool> Living = new();

    private readonly Timer limit;
    private readonly TimeSpan patience;

    private ChildProcess(ProcessStartInfo start, TimeSpan? patience)
    {
        StartInfo = start;
        this.patience = patience ?? Patience;
        limit = new Timer(_ => End(isLate: true));
    }

    /// <summary>Somebody who prints it.</summary>
    public static event Action<string>? WasLate;

    public static ChildProcess Start(ProcessStartInfo start, TimeSpan? patience = null)
    {
        var process = new ChildProcess(start, patience);
        try
        {
            process.Start();
        }
        catch
        {
            process.Dispose();
            throw;
        }

        Living[process] = true;
        process.limit.Change(process.patience, Timeout.InfiniteTimeSpan);
        return process;
    }

    /// <summary>For a process that is about to end itself.</summary>
    public static void EndAll()
    {
        foreach (ChildProcess process in Living.Keys) process.End(isLate: false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Living.TryRemove(this, out _);
            limit.Dispose();
            End(isLate: false);
        }

        base.Dispose(disposing);
    }

    /// <summary>
    /// A shell that starts a program in the background without job control has it ignore SIGINT (and `nohup … &amp;` is that), and its
    /// children inherit it. A test that sends the signal would wait for nothing: so these tests, and what they start, have the default
    /// again.
    /// </summary>
    [ModuleInitializer]
    internal static void TakeDefaultSignals()
    {
        const int Interrupt = 2;
        if (!OperatingSystem.IsWindows()) Signal(Interrupt, 0);
    }

    private void End(bool isLate)
    {
        try
        {
            if (HasExited) return;
            Kill(entireProcessTree: true);
            WaitForExit(TimeSpan.FromSeconds(10));
            if (isLate) WasLate?.Invoke($"{StartInfo.FileName} {string.Join(' ', StartInfo.ArgumentList)} was ended after {patience}.");
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException
            or NotSupportedException)
        {
            // It never began, or has just ended.
        }
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int number, nint handler);
}
