using System.Runtime.InteropServices;

namespace ColbertOnnx.Cli.Streams;

/// <summary>The end of the process that waits for nobody: handlers of the runtime and of native libraries may wait for threads that never come back.</summary>
internal static class ProcessEnd
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(0.15);

    /// <summary>Ends the process as usual, so that the terminal gets its settings back; what has not ended after a moment is cut off.</summary>
    public static void Soon(int code)
    {
        try
        {
            new Thread(() =>
            {
                Thread.Sleep(Grace);
                Now(code);
            })
            { IsBackground = true }.Start();
        }
        catch (Exception error) when (error is OutOfMemoryException or ThreadStartException)
        {
            // There are too many threads already.
            Now(code);
        }

        Environment.Exit(code);
    }

    private static void Now(int code)
    {
        if (OperatingSystem.IsWindows()) TerminateProcess(-1, (uint)code);
        else EndProcess(code);
    }

    [DllImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void EndProcess(int code);

    // -1 stands for the process itself.
    [DllImport("kernel32", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int TerminateProcess(nint process, uint code);
}
