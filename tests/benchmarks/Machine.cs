using System.Runtime.InteropServices;

namespace ColbertOnnx.Benchmarks;

/// <summary>The line that says where numbers come from.</summary>
internal static class Machine
{
    public static string Describe() =>
        $"{Cpu()}, {Environment.ProcessorCount} CPUs; {RuntimeInformation.OSDescription}; "
            + $"{RuntimeInformation.FrameworkDescription}; {DateTime.UtcNow:yyyy-MM-dd}{Load("before")}";

    private static string Cpu()
    {
        const string File = "/proc/cpuinfo";
        if (!System.IO.File.Exists(File)) return RuntimeInformation.ProcessArchitecture.ToString();
        string? line = System.IO.File.ReadLines(File).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal));
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    // Numbers of a machine that does other things as well are worth less.
    public static string Load(string when)
    {
        const string File = "/proc/loadavg";
        return System.IO.File.Exists(File) ? $"; load {System.IO.File.ReadAllText(File).Split(' ')[0]} {when}" : "";
    }
}
