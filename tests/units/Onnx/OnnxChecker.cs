using System.Diagnostics;

namespace ColbertOnnx.Tests.Onnx;

/// <summary>The checker of the onnx package for Python, where a Python has it; see tests/onnx/check.py for what it can tell.</summary>
internal static class OnnxChecker
{
    private static readonly Lazy<string?> Python = new(() =>
        new[] { "python3", "/usr/bin/python3", "python" }.FirstOrDefault(name => Start(name, "-c", "import onnx").Exit == 0));

    /// <summary>Why nothing is checked here, or null.</summary>
    public static string? Missing =>
        Python.Value is null ? "There is no python3 with the onnx package (Debian: python3-onnx): the graphs were not checked." : null;

    /// <summary>A line for each graph.</summary>
    public static (int Exit, string[] Lines) Check(params IEnumerable<string> graphs)
    {
        var (exit, output) = Start(Python.Value!, [Path.Combine(TestData.Repository, "tests", "onnx", "check.py"), .. graphs]);
        return (exit, output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static (int Exit, string Output) Start(string program, params IEnumerable<string> arguments)
    {
        try
        {
            using Process process = ChildProcess.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + error.Result);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (-1, "");
        }
    }
}
