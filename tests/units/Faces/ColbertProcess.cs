using System.Diagnostics;

namespace ColbertOnnx.Tests.Faces;

/// <summary>The command as users run it: a process with three streams and an exit code.</summary>
internal static class ColbertProcess
{
    public static string Program => Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "colbert.exe" : "colbert");

    public static Process Start(params IEnumerable<string> arguments) => Start(new Dictionary<string, string>(), arguments);

    /// <summary>With variables of its own over those of the tests.</summary>
    public static Process Start(IReadOnlyDictionary<string, string> variables, params IEnumerable<string> arguments)
    {
        var info = new ProcessStartInfo(Program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        info.StandardInputEncoding = info.StandardOutputEncoding = info.StandardErrorEncoding = new System.Text.UTF8Encoding(false);
        foreach (string argument in arguments) info.ArgumentList.Add(argument);
        foreach (var (name, value) in variables) info.Environment[name] = value;
        return ChildProcess.Start(info);
    }

    /// <summary>Runs to the end.</summary>
    public static Task<(int Exit, string Output, string Error)> Run(string? input, params string[] arguments) =>
        RunWith(new Dictionary<string, string>(), input, arguments);

    public static async Task<(int Exit, string Output, string Error)> RunWith(
        IReadOnlyDictionary<string, string> variables, string? input, params string[] arguments)
    {
        using Process process = Start(variables, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        try
        {
            if (input is not null) await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it read everything.
        }

        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Sends a signal, as a terminal or an operator does.</summary>
    public static void Signal(Process process, string signal)
    {
        using Process kill = ChildProcess.Start(new ProcessStartInfo("kill", [$"-{signal}", process.Id.ToString()]));
        kill.WaitForExit();
    }
}
