using System.Runtime.InteropServices;

namespace ColbertOnnx.Cli.Streams;

/// <summary>
/// The end of the process at once, without waits and handlers: those of the runtime and of native libraries may wait for threads that never
/// come back, or free what a running call still uses, which ended the process by a segmentation fault.
/// </summary>
internal static class ProcessEnd
{
    public static void Now(int code)
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
