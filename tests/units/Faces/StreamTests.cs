using System.Diagnostics;
using System.Text.Json;

namespace ColbertOnnx.Tests.Faces;

/// <summary>
/// The command among other programs: slow readers, readers that leave, programs that wait for an answer, signals, memory.
/// </summary>
public sealed class StreamTests(ITestOutputHelper log)
{
    private static readonly string[] Encode = ["encode", "--document", "--model", TestData.Path("onnx", "bert-base"), "-", "-o", "-"];

    [Theory]
    [InlineData("encode")]
    [InlineData("tokenize")]
    public async Task A_program_that_waits_for_each_answer_gets_it(string command)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using Process process = ColbertProcess.Start(command == "encode" ? Encode : ["tokenize", "-"]);
        for (int i = 0; i < 5; i++)
        {
            await process.StandardInput.WriteAsync($"question {i}\n".AsMemory(), cancellation);
            await process.StandardInput.FlushAsync(cancellation);
            string? line = await process.StandardOutput.ReadLineAsync(cancellation);
            Assert.Equal($"question {i}", JsonDocument.Parse(line!).RootElement.GetProperty("text").GetString());
        }

        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellation);
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task A_reader_that_leaves_ends_the_run_quietly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs sh.");
        string command =
            $"yes some words 2>/dev/null | '{ColbertProcess.Program}' {string.Join(' ', Encode.Select(a => $"'{a}'"))} | head -n 3 | wc -l";
        using Process shell =
            ChildProcess.Start(new ProcessStartInfo("sh", ["-c", command]) { RedirectStandardOutput = true, RedirectStandardError = true });
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        string output = await shell.StandardOutput.ReadToEndAsync(cancellation);
        string error = await shell.StandardError.ReadToEndAsync(cancellation);
        await shell.WaitForExitAsync(cancellation);
        Assert.Equal("3", output.Trim());
        Assert.Empty(error);
    }

    [Theory]
    [InlineData(">&-", 3, "colbert: OutputFailed: Standard output is not open for writing")]
    [InlineData("1< /dev/null", 3, "colbert: OutputFailed: Standard output is not open for writing")]
    [InlineData("< /", 2, "colbert: InputInvalid: standard input: ")]
    [InlineData("<&-", 2, "colbert: InputInvalid: standard input: ")]
    [InlineData("< / 2>&-", 2, "")]
    public async Task Streams_that_are_none_are_no_crash(string redirection, int exit, string said)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs sh.");
        string command =
            $"echo a > in; '{ColbertProcess.Program}' {string.Join(' ', Encode.Select(a => $"'{a}'"))} "
                + $"{(redirection[0] == '<' ? "" : "< in")} {redirection}";
        using var folder = new TemporaryFolder();
        using Process shell = ChildProcess.Start(new ProcessStartInfo("sh", ["-c", command])
        {
            RedirectStandardError = true,
            WorkingDirectory = folder.Path,
        });
        string error = await shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(exit, shell.ExitCode);
        Assert.StartsWith(said, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_few_files_are_an_error_of_the_machine_and_no_crash()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs ulimit.");

        // .NET takes some 40 to start; below 128 something ends the process now here, now there.
        foreach ((int files, int exit) in ((int, int)[])[(48, 3), (60, 3), (127, 3), (128, 0)])
        {
            string command = $"ulimit -n {files}; exec '{ColbertProcess.Program}' {string.Join(' ', Encode.Select(a => $"'{a}'"))}";
            using Process shell = ChildProcess.Start(new ProcessStartInfo("sh", ["-c", command])
            {
                RedirectStandardInput = true,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            });
            shell.StandardInput.Close();
            Task<string> output = shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            string error = await shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
            await output;
            log.WriteLine($"{files} files: {shell.ExitCode} {error.Trim()}");
            Assert.Equal(exit, shell.ExitCode);
            if (exit == 3)
                Assert.Equal(
                    $"colbert: InsufficientMemory: the process may open {files} files, and 128 are needed.\n  Raise the limit of open "
                        + $"files (ulimit -n).\n",
                    error);
        }
    }

    [Theory]
    [InlineData("INT", true)]
    [InlineData("TERM", true)]
    [InlineData("INT", false)]
    public Task A_signal_ends_a_run_and_leaves_nothing(string signal, bool isRead) => End(signal, isRead);

    [Fact]
    [Trait("Kind", "Timed")]
    public async Task A_signal_ends_a_run_soon() => Assert.InRange((await End("INT", isRead: true)).TotalSeconds, 0, 5);

    [Fact]
    public Task A_signal_ends_a_measurement_and_leaves_no_report() => EndMeasurement();

    [Fact]
    [Trait("Kind", "Timed")]
    public async Task A_signal_ends_a_measurement_soon() => Assert.InRange((await EndMeasurement()).TotalSeconds, 0, 5);

    private async Task<TimeSpan> End(string signal, bool isRead)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs kill.");
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        // Not read: the command hangs in a write to a full pipe.
        string[] arguments = isRead ? [.. Encode[..^1], folder.File("out.jsonl")] : Encode;
        using Process process = ColbertProcess.Start(arguments);
        using var fed = new SemaphoreSlim(0);
        Task feed = Task.Run(() => Feed(process, int.MaxValue, fed), cancellation);
        await fed.WaitAsync(cancellation);
        await Task.Delay(500, cancellation);
        var watch = Stopwatch.StartNew();
        ColbertProcess.Signal(process, signal);
        await process.WaitForExitAsync(cancellation);
        TimeSpan taken = watch.Elapsed;
        log.WriteLine($"{signal}: ended after {taken.TotalMilliseconds:f0} ms");
        Assert.Equal(130, process.ExitCode);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
        await feed;
        return taken;
    }

    private async Task<TimeSpan> EndMeasurement()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs kill.");
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        using Process process = ColbertProcess.Start(
            "throughput", "--model", TestData.Path("onnx", "bert-base"), "--repeat", "100000", "--report-path", folder.File("report.html"));
        process.StandardInput.Close();
        // Under way when its threads are: nothing is printed before the end.
        while (!process.HasExited && process.TotalProcessorTime < TimeSpan.FromSeconds(2)) await Task.Delay(50, cancellation);
        var watch = Stopwatch.StartNew();
        ColbertProcess.Signal(process, "INT");
        await process.WaitForExitAsync(cancellation);
        TimeSpan taken = watch.Elapsed;
        log.WriteLine($"Ended after {taken.TotalMilliseconds:f0} ms");
        Assert.Equal((130, ""), (process.ExitCode, await process.StandardOutput.ReadToEndAsync(cancellation)));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
        return taken;
    }

    [Fact]
    public async Task Two_hundred_thousand_texts_keep_memory_flat_and_survive_a_reader_that_stops()
    {
        const int Texts = 200_000;
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        // Else the runtime's youngest generation is as large as the CPU's cache, and takes up to 45,000 of these texts to grow to it.
        // Sixteen MB, in hexadecimal.
        using Process process = ColbertProcess.Start(new Dictionary<string, string> { ["DOTNET_GCgen0size"] = "1000000" }, Encode);
        Task feed = Task.Run(() => Feed(process, Texts), cancellation);
        long early = 0;
        long most = 0;
        int count = 0;
        var watch = Stopwatch.StartNew();
        // Bytes, not strings: 200,000 lines of 10 kB each would measure this process instead.
        Stream output = process.StandardOutput.BaseStream;
        var buffer = new byte[1 << 16];
        bool stopped = false;
        for (int read; (read = await output.ReadAsync(buffer, cancellation)) > 0;)
        {
            int before = count;
            count += buffer.AsSpan(0, read).Count((byte)'\n');
            if (before / 1000 != count / 1000) Measure();
            if (count < Texts / 2 || stopped) continue;
            stopped = true;
            await Held(process, cancellation);
            Measure();
        }

        await feed;
        await process.WaitForExitAsync(cancellation);
        log.WriteLine($"{count} texts in {watch.Elapsed.TotalSeconds:F0} s; {early >> 20} MB after 10,000, {most >> 20} MB at most");
        Assert.Equal((Texts, 0), (count, process.ExitCode));
        Assert.True(most - early < 50 << 20, $"grew by {(most - early) >> 20} MB");

        // The command has filled what it may hold and waits: it uses no CPU time any more.
        static async Task Held(Process process, CancellationToken cancellation)
        {
            TimeSpan before;
            do
            {
                process.Refresh();
                before = process.TotalProcessorTime;
                await Task.Delay(2000, cancellation);
                process.Refresh();
            }
            while (process.TotalProcessorTime - before > TimeSpan.FromMilliseconds(20));
        }

        void Measure()
        {
            process.Refresh();
            if (process.HasExited) return;
            long now = process.WorkingSet64;
            if (count <= 10_000) early = Math.Max(early, now);
            most = Math.Max(most, now);
        }
    }

    private static void Feed(Process process, int texts, SemaphoreSlim? fed = null)
    {
        try
        {
            using Stream input = process.StandardInput.BaseStream;
            for (int i = 0; i < texts; i++)
            {
                input.Write(System.Text.Encoding.UTF8.GetBytes($"a short text number {i} of many\n"));
                // More than the 64 KB that a pipe holds: the command has begun to read, on a busy machine too.
                if (i == 2200) fed?.Release();
            }
        }
        catch (IOException)
        {
            // It ended.
        }
    }
}
