using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace ColbertOnnx.Tests.Shell;

/// <summary>
/// Files of Pester in a PowerShell of their own: the one that .config/dotnet-tools.json pins, or the build's property ColbertPowerShell.
/// </summary>
internal static class PesterRun
{
    /// <summary>
    /// With a value: over the package of this platform, made and installed first, instead of the module in the repository.
    /// </summary>
    public const string Installed = "COLBERT_TEST_INSTALLED";

    private const string Ending = ".Tests.ps1";

    private static readonly Lazy<Task<(string Name, string Value)[]>> Variables = new(MakePackage);

    public static bool IsInstalled => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Installed));

    private static string Folder => Path.Combine(TestData.Repository, "tests");

    public static string PathOf(string name) => Path.Combine(Folder, name + Ending);

    public static string NameOf(string path) => Path.GetFileName(path)[..^Ending.Length];

    public static IEnumerable<string> WithTag(string tag) =>
        Directory.EnumerateFiles(Folder, "*" + Ending)
            .Where(path => File.ReadAllText(path).Contains($"-Tag {tag}", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    public static async Task<PesterResult[]> Run(string[] paths, string? tag)
    {
        using var folder = new TemporaryFolder();
        string shown = string.Join(", ", paths.Select(NameOf)), file = folder.File("result.json");
        string[] arguments = tag is not null ? ["-Tag", tag] : ["-ExcludeTag", IsInstalled ? "Timed" : "Timed|Package"];
        (string, string)[] variables = await Variables.Value;
        Say($"Pester: {shown} …");
        var clock = Stopwatch.StartNew();
        string said = await Start(
            "Invoke-Tests.ps1", variables, ["-Pester", Known("Pester"), "-Path", string.Join('|', paths), "-Result", file, .. arguments]);
        if (!File.Exists(file)) throw new InvalidOperationException($"Pester did not come to an end over {shown}:\n{said}");
        PesterResult[] results = JsonSerializer.Deserialize<PesterResult[]>(File.ReadAllText(file), JsonSerializerOptions.Web)!;
        Say($"Pester: {shown}: {results.Length} tests in {clock.Elapsed.TotalSeconds:f0} s");
        return results;
    }

    private static async Task<(string, string)[]> MakePackage()
    {
        if (!IsInstalled) return [];
        string said = await Start("New-TestPackage.ps1", [], []);
        string[] lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Length < 2 || !File.Exists(lines[^1]))
            throw new InvalidOperationException($"The package was not made and installed:\n{said}");
        return [("COLBERT_TEST_PACKAGE", lines[^2]), ("COLBERT_TEST_MODULE", lines[^1])];
    }

    private static async Task<string> Start(string script, (string Name, string Value)[] variables, string[] arguments)
    {
        string shell = Known("PowerShell");
        string[] begin = shell.Length == 0 ? ["tool", "run", "pwsh", "--"] : [];
        string path = Path.Combine(Folder, "shell", script);
        var start = new ProcessStartInfo(
            shell.Length == 0 ? "dotnet" : shell, [.. begin, "-NoProfile", "-NonInteractive", "-File", path, .. arguments])
        {
            WorkingDirectory = TestData.Repository,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in variables) start.Environment[name] = value;
        using Process process = ChildProcess.Start(start, ChildProcess.Patience * 2);
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync();
        string said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return said + await error;
    }

    private static void Say(string text) => TestContext.Current.SendDiagnosticMessage("{0}", text);

    private static string Known(string key) =>
        typeof(PesterRun).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(data => data.Key == key).Value ?? "";
}
