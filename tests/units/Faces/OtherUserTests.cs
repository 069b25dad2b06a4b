using System.Diagnostics;
using System.Runtime.Versioning;

namespace ColbertOnnx.Tests.Faces;

/// <summary>A cache that two users share: what one made the other does not believe. Needs the right to be somebody else.</summary>
public sealed class OtherUserTests(ITestOutputHelper log) : IDisposable
{
    private const string Nobody = "65534", Root = "0";

    private readonly TemporaryFolder reachable = new();

    public void Dispose() => reachable.Dispose();

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Packed_weights_of_another_user_are_not_used_and_stay()
    {
        using TemporaryFolder shared = Shared();
        await RunAs(Nobody, shared.Path, shared.Path);
        string[] theirs = Files(shared.File("weights"));
        Assert.Contains(theirs, file => file.EndsWith("model.onnx.data", StringComparison.Ordinal));
        string data = theirs.First(file => file.EndsWith("model.onnx.data", StringComparison.Ordinal));
        await File.WriteAllBytesAsync(data, new byte[new FileInfo(data).Length], TestContext.Current.CancellationToken);

        var mine = await ColbertProcess.RunWith(Variables(shared.Path), "bread\n", "encode", "--query", "-", "-o", "-");
        log.WriteLine(mine.Error);
        Assert.Equal(0, mine.Exit);
        var without = await ColbertProcess.RunWith(Variables("off"), "bread\n", "encode", "--query", "-", "-o", "-");
        Assert.Equal(without.Output, mine.Output);
        Assert.Contains($"'{shared.File("weights")}' belongs to another user", mine.Error, StringComparison.Ordinal);
        Assert.Equal(theirs, Files(shared.File("weights")));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Packed_weights_of_root_are_used_by_others()
    {
        using TemporaryFolder shared = Shared();
        (string Output, string Error) made = await RunAs(Root, shared.Path, shared.Path);
        Assert.Equal("", made.Error);
        foreach (string folder in Directory.EnumerateDirectories(shared.Path, "*", SearchOption.AllDirectories))
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        string[] before = Files(shared.File("weights"));
        Assert.Equal((made.Output, ""), await RunAs(Nobody, shared.Path, shared.Path));
        Assert.Equal(before, Files(shared.File("weights")));
    }

    [Theory]
    [InlineData(0b111_101_101, "belongs to another user")]
    [InlineData(0b1_111_111_111, "belongs to another user")] // its owner may move what lies in it
    [UnsupportedOSPlatform("windows")]
    public async Task A_cache_in_a_folder_of_another_user_is_not_used(int mode, string reason)
    {
        using TemporaryFolder theirs = Shared();
        File.SetUnixFileMode(theirs.Path, (UnixFileMode)mode);
        var start = new ProcessStartInfo("chown", [Nobody, theirs.Path]);
        using (Process change = ChildProcess.Start(start)) await change.WaitForExitAsync(TestContext.Current.CancellationToken);
        var mine = await ColbertProcess.RunWith(Variables(theirs.Path), "bread\n", "encode", "--query", "-", "-o", "-");
        Assert.Equal(0, mine.Exit);
        Assert.Contains($"'{theirs.Path}' {reason}", Assert.Single(Lines(mine.Error)), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(theirs.Path));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_cache_that_may_not_be_written_is_told_once()
    {
        using TemporaryFolder roots = Shared();
        File.SetUnixFileMode(roots.Path, (UnixFileMode)0b111_101_101);
        var without = await ColbertProcess.RunWith(Variables("off"), "bread\n", "encode", "--query", "-", "-o", "-");
        (string output, string error) = await RunAs(Nobody, roots.Path, roots.Path);
        Assert.Equal(without.Output, output);
        Assert.Contains($"'{roots.File("weights")}' cannot be used", Assert.Single(Lines(error)), StringComparison.Ordinal);
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    // As /tmp is: everybody may make something there, and nobody may touch what others made.
    [UnsupportedOSPlatform("windows")]
    private static TemporaryFolder Shared()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Environment.UserName == "root" && File.Exists("/usr/bin/setpriv"),
            "Needs Linux, root and setpriv: the tests do not run so.");
        TemporaryFolder folder = new();
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0b1_111_111_111);
        return folder;
    }

    private static Dictionary<string, string> Variables(string cache) => new() { ["COLBERT_CACHE"] = cache };

    private static string[] Files(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    // A clone may lie in a folder that is its owner's alone, as a home often is: others then get a copy.
    [UnsupportedOSPlatform("windows")]
    private string ReachableProgram()
    {
        for (DirectoryInfo? folder = new FileInfo(ColbertProcess.Program).Directory; folder is not null; folder = folder.Parent)
        {
            if (folder.UnixFileMode.HasFlag(UnixFileMode.OtherExecute)) continue;
            string copy = reachable.File(Path.GetFileName(ColbertProcess.Program));
            if (File.Exists(copy)) return copy;
            File.SetUnixFileMode(reachable.Path, (UnixFileMode)0b111_101_101);
            reachable.CopyAll(Path.GetDirectoryName(ColbertProcess.Program)!);
            return copy;
        }

        return ColbertProcess.Program;
    }

    [UnsupportedOSPlatform("windows")]
    private async Task<(string Output, string Error)> RunAs(string user, string home, string cache)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo(
            "/usr/bin/setpriv",
            [$"--reuid={user}", $"--regid={user}", "--clear-groups", ReachableProgram(), "encode", "--query", "-", "-o", "-"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = home,
        };
        (start.Environment["HOME"], start.Environment["COLBERT_CACHE"]) = (home, cache);
        using Process process = ChildProcess.Start(start);
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellation),
            error = process.StandardError.ReadToEndAsync(cancellation);
        try
        {
            await process.StandardInput.WriteAsync("bread\n".AsMemory(), cancellation);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it read anything.
        }

        await process.WaitForExitAsync(cancellation);
        log.WriteLine(await error);
        Assert.SkipWhen(
            process.ExitCode is 126 or 127 or 131 || (await error).Contains("ermission denied", StringComparison.Ordinal),
            $"Another user cannot start the command here: {await error}");
        Assert.Equal(0, process.ExitCode);
        return (await output, await error);
    }
}
