using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ColbertOnnx.Tests;

/// <summary>
/// The test process of a run that was ended from outside, by `dotnet test` itself when a test hangs, ends as well, and with it what its
/// tests started: nobody else would end them.
/// </summary>
internal static partial class Orphan
{
    [ModuleInitializer]
    internal static void Watch()
    {
        // The adapter of VSTest starts us so; at a prompt a parent may go.
        if (OperatingSystem.IsWindows() || !Environment.GetCommandLineArgs().Contains("@@")) return;
        int parent = Parent();
        var watch = new Thread(() =>
        {
            while (Parent() == parent) Thread.Sleep(1000);
            ChildProcess.EndAll();
            System.Diagnostics.Process.GetCurrentProcess().Kill();
        });
        watch.IsBackground = true;
        watch.Start();
    }

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int Parent();
}
