using System.Runtime.InteropServices;

namespace ColbertOnnx.Cli.Streams;

/// <summary>
/// How many files the process may open. Below some number .NET or ONNX Runtime end the process, at a place that changes with the release:
/// it is asked for before anything is opened.
/// </summary>
internal static class OpenFiles
{
    /// <summary>.NET takes some 40 to start, a run some 60.</summary>
    public const int Needed = 128;

    /// <summary>Fewer than are needed may be opened.</summary>
    public static bool AreTooFew(out ulong most)
    {
        most = !OperatingSystem.IsWindows() && GetLimit(OperatingSystem.IsMacOS() ? 8 : 7, out Limit limit) == 0
            ? limit.Soft
            : ulong.MaxValue;
        return most < Needed;
    }

    [DllImport("libc", EntryPoint = "getrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetLimit(int resource, out Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
