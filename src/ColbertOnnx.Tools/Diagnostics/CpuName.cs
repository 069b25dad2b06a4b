using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32;

namespace ColbertOnnx.Diagnostics;

/// <summary>What the CPU calls itself; its architecture where it has no name.</summary>
internal static class CpuName
{
    public static string Find()
    {
        string? name = OperatingSystem.IsWindows()
            ? Registry.GetValue(@"HKEY_LOCAL_MACHINE\HARDWARE\DESCRIPTION\System\CentralProcessor\0", "ProcessorNameString", null) as string
            : OperatingSystem.IsMacOS() ? Answer("/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string")
            : FromProc("/proc/cpuinfo");
        return string.IsNullOrWhiteSpace(name) ? RuntimeInformation.ProcessArchitecture.ToString() : name.Trim();
    }

    private static string? FromProc(string file)
    {
        if (!File.Exists(file)) return null;
        string? line = File.ReadLines(file).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal));
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }

    private static string? Answer(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
            string answer = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return answer;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
