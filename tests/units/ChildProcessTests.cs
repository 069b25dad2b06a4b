using System.Diagnostics;

namespace ColbertOnnx.Tests;

public sealed class ChildProcessTests
{
    [Fact]
    public async Task A_child_ends_with_its_test_and_so_does_what_it_started()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        int grandchild;
        using (Process child = ChildProcess.Start(Shell("sleep 1000 & echo $!; wait")))
            grandchild = int.Parse((await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!);

        // Whoever takes orphans in may not have buried it yet.
        Assert.True(SpinWait.SpinUntil(() => State(grandchild) is null or 'Z', ChildProcess.Patience));
    }

    [Fact]
    public async Task A_child_that_takes_too_long_is_ended()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs sh.");
        using Process child = ChildProcess.Start(Shell("sleep 1000"), TimeSpan.FromMilliseconds(200));
        Assert.Equal("", await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.NotEqual(0, child.ExitCode);
    }

    [Fact]
    public async Task A_child_has_the_default_for_SIGINT_however_the_tests_were_started()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        using Process child = ChildProcess.Start(Shell("grep SigIgn /proc/self/status"));
        string mask = (await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\t')[1];
        Assert.Equal(0, Convert.ToInt64(mask.Trim(), 16) & 2);
    }

    [Fact]
    public void No_test_starts_a_process_that_could_outlive_it()
    {
        string folder = Path.Combine(TestData.Repository, "tests", "units");
        IEnumerable<string> sources = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(folder, file).StartsWith("obj", StringComparison.Ordinal));
        string start = " Process." + "Start(";
        Assert.Empty(sources.Where(file => File.ReadAllText(file).Contains(start, StringComparison.Ordinal)).Select(Path.GetFileName));
    }

    private static ProcessStartInfo Shell(string script) => new("sh", ["-c", script]) { RedirectStandardOutput = true };

    private static char? State(int process)
    {
        try
        {
            string text = File.ReadAllText($"/proc/{process}/stat");
            return text[text.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
