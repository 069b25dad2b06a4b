using System.Diagnostics;

namespace ColbertOnnx.Tests;

/// <summary>Classes of these tests in a process of their own.</summary>
internal static class TestProcess
{
    /// <summary>Runs to the end; gives what it wrote.</summary>
    public static async Task<(int Exit, string Text)> Run(IReadOnlyDictionary<string, string> variables, params IEnumerable<Type> classes)
    {
        var start = new ProcessStartInfo(
            "dotnet", [typeof(TestProcess).Assembly.Location, "-noLogo", .. classes.SelectMany(type => new[] { "-class", type.FullName! })])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in variables) start.Environment[name] = value;
        using Process child = ChildProcess.Start(start);
        Task<string> errors = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string text = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken) + await errors;
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (child.ExitCode, text);
    }
}
