using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text;
using Microsoft.PowerShell;

// shell SCRIPT ARGUMENT...: what the script gives as text, then its errors. Exit code 1 when there were any.
Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
InitialSessionState state = InitialSessionState.CreateDefault();
if (OperatingSystem.IsWindows()) state.ExecutionPolicy = ExecutionPolicy.Bypass;
using Runspace runspace = RunspaceFactory.CreateRunspace(state);
runspace.Open();
using PowerShell shell = PowerShell.Create(runspace);
shell.AddCommand("Set-Location").AddParameter("LiteralPath", Environment.CurrentDirectory).AddStatement();
shell.AddScript(File.ReadAllText(args[0])).AddParameters(args[1..]).AddCommand("Out-String").AddParameter("Stream").AddParameter("Width", 120);
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
