using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.PowerShell;

// shell SCRIPT ARGUMENT...: what the script gives as text, then its errors. Exit code 1 when there were any.
// shell console ARGUMENT...: what pwsh does, which needs a console.
if (args is ["console", .. var own]) return UnmanagedPSEntry.Start(own, own.Length);
Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
InitialSessionState state = InitialSessionState.CreateDefault();
if (OperatingSystem.IsWindows()) state.ExecutionPolicy = ExecutionPolicy.Bypass;
using Runspace runspace = RunspaceFactory.CreateRunspace(state);
runspace.Open();
using PowerShell shell = PowerShell.Create(runspace);
shell.AddCommand("Set-Location").AddParameter("LiteralPath", Environment.CurrentDirectory).AddStatement();
shell.AddScript(File.ReadAllText(args[0])).AddParameters(args[1..]).AddCommand("Out-String").AddParameter("Stream")
    .AddParameter("Width", 120);
try
{
    foreach (PSObject line in shell.Invoke()) Console.WriteLine(line);
}
catch (RuntimeException e)
{
    Console.WriteLine($"{e.ErrorRecord.FullyQualifiedErrorId}: {e.Message}");
    return 1;
}

foreach (ErrorRecord error in shell.Streams.Error) Console.WriteLine($"{error.FullyQualifiedErrorId}: {error}");
return shell.Streams.Error.Count > 0 ? 1 : 0;

/// <summary>
/// For scripts: an event of Windows' console, brought to one process. The system does it by a thread that it starts in CtrlRoutine there;
/// Wine sends none but Ctrl+C itself.
/// </summary>
public static class ConsoleEvent
{
    private const int AllAccess = 0x1FFFFF;

    /// <summary>0: Ctrl+C, 1: Ctrl+Break, 2: the window is closed.</summary>
    public static bool Send(int process, int number)
    {
        nint routine = NativeLibrary.GetExport(
            NativeLibrary.Load("kernelbase.dll", typeof(ConsoleEvent).Assembly, DllImportSearchPath.System32), "CtrlRoutine");
        nint target = OpenProcess(AllAccess, 0, process);
        return target != 0 && CreateRemoteThread(target, 0, 0, routine, number, 0, 0) != 0;
    }

    [DllImport("kernel32", ExactSpelling = true)]
    private static extern nint OpenProcess(int access, int inherit, int process);

    [DllImport("kernel32", ExactSpelling = true)]
    private static extern nint CreateRemoteThread(
        nint process, nint attributes, nint stack, nint routine, nint argument, int flags, nint id);
}
