using System.Diagnostics;

namespace ColbertOnnx.Tests.Structure;

/// <summary>What no compiler reads: scripts and pages.</summary>
public sealed class ScriptTests
{
    private static readonly string[] Kinds =
    [
        ".sh", ".ps1", ".psm1", ".psd1", ".md", ".yml", ".json", ".targets", ".props", ".csproj", ".mjs", "",
    ];

    [Fact]
    public void Nothing_is_left_of_a_merge()
    {
        string[] files = [.. Files(TestData.Repository)];
        Assert.Contains(files, file => Path.GetFileName(file) == "run.sh");
        Assert.Empty(files.SelectMany(file => File.ReadLines(file)
            .Where(line => line.StartsWith("<<<<<<< ", StringComparison.Ordinal) || line.StartsWith(">>>>>>> ", StringComparison.Ordinal))
            .Select(line => $"{Path.GetRelativePath(TestData.Repository, file)}: {line}")));
    }

    [Fact]
    public async Task Every_shell_script_can_be_read_by_the_shell()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs bash.");
        string[] scripts =
        [
            .. Directory.GetFiles(Path.Combine(TestData.Repository, ".ci")),
            .. Files(Path.Combine(TestData.Repository, "tests")).Where(file => Path.GetExtension(file) == ".sh"),
        ];
        foreach (string name in (string[])["run", "repeat", "signals.sh", "tools.sh", "cases.sh"])
            Assert.Contains(scripts, script => Path.GetFileName(script) == name);
        foreach (string script in scripts)
        {
            using Process bash = ChildProcess.Start(new ProcessStartInfo("bash", ["-n", script]) { RedirectStandardError = true });
            Assert.Equal("", await bash.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
            await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(bash.ExitCode == 0, $"bash -n {script}: {bash.ExitCode}");
        }
    }

    // Without what is made or fetched, and without test data.
    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder).Where(file => Kinds.Contains(Path.GetExtension(file)) && Path.GetFileName(file) != ".git")
            .Concat(Directory.EnumerateDirectories(folder)
                .Where(below => Path.GetFileName(below) is not ("bin" or "obj" or "out" or "data" or "node_modules" or ".git" or "models"
                    or "corpus" or "TestResults"))
                .SelectMany(Files));
}
