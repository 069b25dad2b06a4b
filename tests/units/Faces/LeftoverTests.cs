using System.Diagnostics;

namespace ColbertOnnx.Tests.Faces;

/// <summary>Runs beside each other and after each other to one output.</summary>
public sealed class LeftoverTests
{
    private static readonly string Model = TestData.Path("onnx", "bert-base");

    [Theory]
    [InlineData("out.npz")]
    [InlineData("out")]
    public async Task What_a_killed_run_left_the_next_one_removes_and_nothing_else(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs kill -9.");
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using TemporaryFolder folder = new TemporaryFolder().With($".{name}.abcdefgh.ijk.tmp/lock", "mine")
            .With($".{name}.notes.tmp", "mine").With($".other-{name}.abcdefgh.ijk.tmp/lock", "mine");
        string[] before = Hidden(folder);
        using Process killed = await Begin(folder, name, []);
        using Process alive = await Begin(folder, name, []);
        Assert.Equal(before.Length + 2, Hidden(folder).Length);
        killed.Kill();
        await killed.WaitForExitAsync(cancellation);
        Assert.Equal(before.Length + 2, Hidden(folder).Length);

        var next = await ColbertProcess.Run("bread\n", "encode", "-m", Model, "--document", "-", "-o", folder.File(name));
        Assert.Equal(("", 0), (next.Error, next.Exit));
        Assert.Equal(before.Length + 1, Hidden(folder).Length);
        alive.StandardInput.Close();
        await alive.WaitForExitAsync(cancellation);
        Assert.Equal(before, Hidden(folder));
    }

    [Fact]
    public async Task What_a_killed_run_left_beside_a_folder_goes_where_the_folder_is_there_by_now()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs kill -9.");
        using TemporaryFolder folder = new();
        using (Process killed = await Begin(folder, "out", []))
        {
            killed.Kill();
            await killed.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Directory.CreateDirectory(folder.File("out"));
        Assert.Single(Hidden(folder));
        var next = await ColbertProcess.Run("bread\n", "encode", "-m", Model, "--document", "-", "-o", folder.File("out"));
        Assert.Equal(("", 0), (next.Error, next.Exit));
        Assert.Empty(Hidden(folder));
    }

    [Fact]
    public async Task Of_two_runs_that_resume_one_output_the_second_says_that_the_first_is_at_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs kill -9.");
        using TemporaryFolder folder = new();
        using Process first = await Begin(folder, "out.npz", ["--resume"]);
        var second = await ColbertProcess.Run(
            "bread\n", "encode", "-m", Model, "--document", "-", "-o", folder.File("out.npz"), "--resume");
        Assert.Equal(75, second.Exit);
        Assert.StartsWith(
            $"colbert: OutputHeld: '{folder.File("out.npz")}' is being written by process {first.Id} on {Environment.MachineName} since 20",
            second.Error, StringComparison.Ordinal);
        first.StandardInput.Close();
        await first.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, first.ExitCode);
        Assert.True(File.Exists(folder.File("out.npz")));
    }

    [Fact]
    public async Task Without_a_home_nothing_lies_in_the_working_folder_and_nothing_there_is_believed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There HOME is not asked for.");
        using TemporaryFolder folder = new TemporaryFolder().With(".cache/huggingface/token", "hf_planted").With("tmp/x")
            .With("text.txt", "bread\n");
        foreach (string home in (string[])["/nonexistent", "relative", ""])
        {
            var start = new ProcessStartInfo(ColbertProcess.Program, ["encode", "--query", "text.txt", "-o", "-"])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
                WorkingDirectory = folder.Path,
            };
            foreach (string name in (string[])["COLBERT_CACHE", "XDG_CACHE_HOME", "HF_HOME", "HF_HUB_CACHE"])
                start.Environment.Remove(name);
            (start.Environment["HOME"], start.Environment["TMPDIR"]) = (home, folder.File("tmp"));
            using Process process = ChildProcess.Start(start);
            Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            Assert.NotEmpty(await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(("", 0), (await error, process.ExitCode));
        }

        Assert.Equal(
            [folder.File(".cache"), folder.File("text.txt"), folder.File("tmp")],
            Directory.EnumerateFileSystemEntries(folder.Path).Order(StringComparer.Ordinal));
        Assert.Equal([folder.File(".cache/huggingface")], Directory.EnumerateFileSystemEntries(folder.File(".cache")));
        Assert.NotEmpty(Directory.EnumerateFiles(folder.File("tmp"), "seal.txt", SearchOption.AllDirectories));
    }

    // A run that has its place to gather, and waits for more texts.
    private static async Task<Process> Begin(TemporaryFolder folder, string name, string[] options)
    {
        int before = Hidden(folder).Length;
        Process process = ColbertProcess.Start(["encode", "-m", Model, "--document", "-", "-o", folder.File(name), .. options]);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (Hidden(folder).Length == before
            || !Hidden(folder).Any(path => path.EndsWith(".partial", StringComparison.Ordinal)
            || File.Exists(Path.Combine(path, "lock")) && new FileInfo(Path.Combine(path, "lock")).Length > 10))
            await Task.Delay(20, limit.Token);
        await Task.Delay(100, limit.Token);
        return process;
    }

    private static string[] Hidden(TemporaryFolder folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder.Path, ".*").Order(StringComparer.Ordinal)];
}
