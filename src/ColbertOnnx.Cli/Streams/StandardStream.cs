using System.Runtime.InteropServices;

namespace ColbertOnnx.Cli.Streams;

/// <summary>
/// Whether this process was given a standard stream. Where the shell has closed one, the runtime's own files get its number: a read would
/// wait for ever, and a write would reach them.
/// </summary>
internal static class StandardStream
{
    public const int Input = 0;
    public const int Output = 1;
    public const int Error = 2;

    private const int GetDescriptorFlags = 1;

    // What was inherited went through exec, so that it is not marked to be closed there; everything that the runtime opens is.
    public static bool IsGiven(int descriptor) => OperatingSystem.IsWindows() || FileControl(descriptor, GetDescriptorFlags) == 0;

    // The same numbers on Linux and macOS: F_GETFD is 1, FD_CLOEXEC is 1; -1 is a descriptor that is closed still.
    [DllImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FileControl(int descriptor, int command);
}
