using System.Diagnostics;

namespace ColbertOnnx.Tests.Faces;

/// <summary>
/// What the command writes and whom it speaks to: under an empty home, and without the variables of build servers, which would hide what
/// ONNX Runtime does at a user's.
/// </summary>
public sealed class TelemetryTests(ITestOutputHelper log) : IDisposable
{
    private static readonly string[] BuildServers =
    [
        "CI", "TF_BUILD", "GITHUB_ACTIONS", "GITLAB_CI", "CIRCLECI", "TRAVIS", "JENKINS_URL", "ORT_RUNNING_UNIT_TESTS",
    ];

    private readonly TemporaryFolder home = new(), place = new();

    [Fact]
    public async Task A_run_leaves_nothing_in_a_home_but_the_cache_of_weights()
    {
        await Run([]);
        Assert.All(Files(), file => Assert.StartsWith(CacheOfWeights, file, StringComparison.Ordinal));
        Assert.NotEmpty(Files());
    }

    [Fact]
    public async Task A_home_that_cannot_be_written_makes_no_file_where_the_command_runs()
    {
        Assert.SkipWhen(
            OperatingSystem.IsWindows(), "There is no such folder as /dev/null there, and no user can take the right away from himself.");
        await Run(new() { ["HOME"] = "/dev/null" });
        Assert.Empty(Directory.EnumerateFileSystemEntries(place.Path));
    }

    [Fact]
    public async Task What_a_user_has_set_stays()
    {
        await Run(new() { ["ORT_DISABLE_TELEMETRY"] = "0" });
        Assert.Contains(Files(), file => file.Contains("onnxruntime", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Nobody_is_looked_up_while_the_command_waits_for_texts()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && File.Exists("/usr/bin/strace"), "Needs strace, to see what is sent: Debian's package strace.");
        string trace = home.File("trace.txt");
        await Run([], trace);
        string[] connections =
        [
            .. File.ReadLines(trace)
                .Where(line => line.Contains("AF_INET", StringComparison.Ordinal) && !line.Contains(" socket(", StringComparison.Ordinal)),
        ];
        Assert.True(File.ReadLines(trace).Any(), "strace saw nothing.");
        Assert.Empty(connections);
    }

    public void Dispose()
    {
        home.Dispose();
        place.Dispose();
    }

    private static string CacheOfWeights => Path.Combine(
        OperatingSystem.IsWindows()
            ? Path.Combine("AppData", "Local", "ColbertOnnx", "Cache")
            : OperatingSystem.IsMacOS() ? Path.Combine("Library", "Caches", "colbert-onnx")
            : Path.Combine(".cache", "colbert-onnx"),
        "weights");

    private string[] Files() =>
        [.. Directory.EnumerateFiles(home.Path, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(home.Path, file))];

    // Traced: the command waits, as a program does that encodes now and then. Its look-ups begin within some seconds.
    private async Task Run(Dictionary<string, string> variables, string? trace = null)
    {
        string[] command = ["encode", "--document", "-", "-o", "-"];
        var start = new ProcessStartInfo(ColbertProcess.Program, command);
        if (trace is not null)
            start = new ProcessStartInfo(
                "strace",
                ["-f", "-qq", "-e", "trace=connect,sendto,sendmsg,sendmmsg,socket", "-o", trace, ColbertProcess.Program, .. command]);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.WorkingDirectory = place.Path;
        foreach (string name in BuildServers) start.Environment.Remove(name);
        foreach (string name in (string[])
        [
            "COLBERT_CACHE", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "ORT_DISABLE_TELEMETRY", "ORT_TELEMETRY_DISABLED",
        ])
            start.Environment.Remove(name);
        start.Environment["HOME"] = start.Environment["USERPROFILE"] = home.Path;
        start.Environment["LOCALAPPDATA"] = Path.Combine(home.Path, "AppData", "Local");
        foreach ((string name, string value) in variables) start.Environment[name] = value;
        using Process process = ChildProcess.Start(start);
        Task<string> error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.StandardInput.WriteLineAsync("Bread rises with yeast.");
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        Assert.NotNull(await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        if (trace is not null) await Task.Delay(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);
        process.StandardInput.Close();
        await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        log.WriteLine(await error);
        Assert.Equal(0, process.ExitCode);
    }
}
