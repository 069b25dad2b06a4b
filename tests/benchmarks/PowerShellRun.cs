using System.Diagnostics;

namespace ColbertOnnx.Benchmarks;

/// <summary>A script in a new PowerShell.</summary>
internal static class PowerShellRun
{
    /// <summary>The lines that it writes.</summary>
    public static string[] Lines(string script)
    {
        using Process process = Process.Start(new ProcessStartInfo("pwsh", ["-NoProfile", "-NonInteractive", "-Command", script])
        {
            RedirectStandardOutput = true,
        })!;
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : throw new InvalidOperationException($"This script failed in pwsh: {script}");
    }

    /// <summary>A text as a script writes it.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
