using System.Diagnostics;

namespace ColbertOnnx.Tests.Embeddings;

/// <summary>NumPy, where a Python has it.</summary>
internal static class Numpy
{
    private static readonly Lazy<string?> Python = new(() =>
        new[] { "python3", "/usr/bin/python3", "python" }.FirstOrDefault(name => Start(name, "import numpy").Exit == 0));

    /// <summary>Why nothing is checked by it here, or null.</summary>
    public static string? Missing =>
        Python.Value is null ? "There is no python3 with NumPy (Debian: python3-numpy): the files were not read by it." : null;

    /// <summary>What a script prints that knows numpy and sys.</summary>
    public static string Run(string script, params string[] arguments)
    {
        var (exit, output, error) = Start(Python.Value!, "import numpy, sys\n" + script, arguments);
        Assert.True(exit == 0, error);
        return output.ReplaceLineEndings("\n").TrimEnd('\n');
    }

    private static (int Exit, string Output, string Error) Start(string program, string script, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(program, ["-c", script, .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment["PYTHONIOENCODING"] = "utf-8";
            using Process process = ChildProcess.Start(start);
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.Result);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (-1, "", "");
        }
    }
}
