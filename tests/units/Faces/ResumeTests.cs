using System.Diagnostics;

namespace ColbertOnnx.Tests.Faces;

/// <summary>A run that is killed, and started again: the same bytes, and no text is encoded twice.</summary>
public sealed class ResumeTests(ITestOutputHelper log)
{
    private const int Texts = 2000;

    private static readonly string Model = TestData.Path("onnx", "bert-base");

    [Theory]
    [InlineData("out.npz")]
    [InlineData("out.npz", "--type", "int8")]
    [InlineData("out.safetensors")]
    [InlineData("out.safetensors", "--layout", "per-text", "--type", "int8")]
    [InlineData("out.jsonl")]
    [InlineData("out")]
    [InlineData("out", "--type", "int8")]
    public async Task A_run_that_was_killed_goes_on_to_the_same_bytes(string name, params string[] options)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs kill -9.");
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        string[] lines = [.. Lines()];
        var whole = await ColbertProcess.Run(string.Concat(lines), Arguments(folder, "whole-" + name, options));
        Assert.Equal(2, whole.Exit);
        string journal = folder.File($".{name}.partial/journal.jsonl");
        foreach (int done in (int[])[600, 1300])
        {
            using Process process = ColbertProcess.Start(Arguments(folder, name, options));
            await process.StandardInput.WriteAsync(string.Concat(lines[..done]).AsMemory(), cancellation);
            await process.StandardInput.FlushAsync(cancellation);
            while (Done(journal) < done && !process.HasExited) await Task.Delay(20, cancellation);
            // What comes now is written, in part, behind the last place that is noted.
            await process.StandardInput.WriteAsync(string.Concat(lines[done..(done + 500)]).AsMemory(), cancellation);
            await process.StandardInput.FlushAsync(cancellation);
            await Task.Delay(150, cancellation);
            process.Kill();
            await process.WaitForExitAsync(cancellation);
            Assert.Equal(137, process.ExitCode);
            Assert.False(Path.Exists(folder.File(name)));
            Assert.True(Done(journal) >= done);
        }

        long before = Done(journal);
        var last = await ColbertProcess.Run(string.Concat(lines), Arguments(folder, name, options));
        log.WriteLine(last.Error);
        Assert.Equal(2, last.Exit);
        Assert.Contains($"{before} texts done before", last.Error, StringComparison.Ordinal);
        Assert.Contains($"3 of {Texts} texts could not be encoded", last.Error, StringComparison.Ordinal);
        AssertSame(folder.File("whole-" + name), folder.File(name));
        AssertSame(folder.File($"whole-{name}.errors.jsonl"), folder.File($"{name}.errors.jsonl"));
        Assert.Equal(3, File.ReadLines(folder.File($"{name}.errors.jsonl")).Count());
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path, ".*"));
    }

    [Fact]
    public async Task Ctrl_C_keeps_what_is_written_and_only_the_rest_is_encoded()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs kill.");
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        string[] arguments = ["encode", "--document", "--model", Model, "-", "-o", folder.File("out.jsonl"), "--resume"];
        using (Process process = ColbertProcess.Start(arguments))
        {
            await process.StandardInput.WriteAsync("one\ntwo\n".AsMemory(), cancellation);
            await process.StandardInput.FlushAsync(cancellation);
            while (Done(folder.File(".out.jsonl.partial/journal.jsonl")) < 2 && !process.HasExited) await Task.Delay(20, cancellation);
            ColbertProcess.Signal(process, "INT");
            await process.WaitForExitAsync(cancellation);
            Assert.Equal(130, process.ExitCode);
            Assert.Contains(
                "interrupted; 2 texts kept, and the same command goes on", await process.StandardError.ReadToEndAsync(cancellation),
                StringComparison.Ordinal);
        }

        // Where nothing was done, nothing is said to be kept.
        using (Process process = ColbertProcess.Start([.. arguments[..^2], folder.File("none.jsonl"), "--resume"]))
        {
            while (!File.Exists(folder.File(".none.jsonl.partial/journal.jsonl")) && !process.HasExited) await Task.Delay(20, cancellation);
            await Task.Delay(500, cancellation);
            ColbertProcess.Signal(process, "INT");
            await process.WaitForExitAsync(cancellation);
            Assert.Equal(
                (130, "colbert: interrupted before anything was done; the same command begins anew.\n"),
                (process.ExitCode, await process.StandardError.ReadToEndAsync(cancellation)));
        }

        // With another first text the run is another one; with another model as well.
        var other = await ColbertProcess.Run("one\nzwei\nthree\n", arguments);
        Assert.Equal(2, other.Exit);
        Assert.Contains("InputInvalid", other.Error, StringComparison.Ordinal);
        Assert.Contains("the texts up to here are not those", other.Error, StringComparison.Ordinal);
        Assert.Contains($"or delete what it left: {folder.File(".out.jsonl.partial")}.", other.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("kept", other.Error, StringComparison.Ordinal);
        var shorter = await ColbertProcess.Run("one\n", arguments);
        Assert.Contains("it has 1 text,", shorter.Error, StringComparison.Ordinal);
        var length = await ColbertProcess.Run("one\ntwo\nthree\n", [.. arguments, "--document-length", "9"]);
        Assert.Equal(2, length.Exit);
        Assert.Contains("OutputExists", length.Error, StringComparison.Ordinal);
        Assert.Contains("DocumentLength was '48', and is '9'", length.Error, StringComparison.Ordinal);

        var rest = await ColbertProcess.Run("one\ntwo\nthree\n", arguments);
        Assert.Equal(0, rest.Exit);
        Assert.Equal(["one", "two", "three"], ColbertEmbeddingFile.Read(folder.File("out.jsonl")).Select(e => e.Text));

        // Finished, it has nothing to do; a run that would write something else is told what differs.
        byte[] bytes = File.ReadAllBytes(folder.File("out.jsonl"));
        var again = await ColbertProcess.Run("one\ntwo\nthree\n", arguments);
        Assert.Equal((0, $"colbert: '{folder.File("out.jsonl")}' is finished already: 3 texts encoded.\n"), (again.Exit, again.Error));
        var others = await ColbertProcess.Run("one\n", arguments);
        Assert.Equal(2, others.Exit);
        Assert.StartsWith(
            $"colbert: OutputExists: '{folder.File("out.jsonl")}' exists already, and is of another run: its input had 3 texts, and "
                + $"has 1 now.",
            others.Error, StringComparison.Ordinal);
        var typed = await ColbertProcess.Run("one\ntwo\nthree\n", [.. arguments, "--type", "int8"]);
        Assert.Contains("its type was 'float32', and is 'int8' now.", typed.Error, StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(folder.File("out.jsonl")));
        Assert.Equal(0, (await ColbertProcess.Run("one\n", [.. arguments, "--force"])).Exit);
        Assert.Single(File.ReadLines(folder.File("out.jsonl")));
    }

    [Fact]
    public async Task A_finished_run_with_bad_texts_has_the_exit_code_that_it_had()
    {
        using var folder = new TemporaryFolder();
        string[] arguments = [.. Arguments(folder, "out.npz", [])];
        string input = string.Concat(Lines().Take(302));
        var first = await ColbertProcess.Run(input, arguments);
        var second = await ColbertProcess.Run(input, arguments);
        Assert.Equal((2, 2), (first.Exit, second.Exit));
        Assert.Contains("301 texts encoded, and 1 could not be; '", second.Error, StringComparison.Ordinal);
        Assert.EndsWith("' says why.\n", second.Error, StringComparison.Ordinal);

        File.Delete(folder.File("out.npz.errors.jsonl"));
        Assert.Contains("OutputExists: ", (await ColbertProcess.Run(input, arguments)).Error, StringComparison.Ordinal);
        folder.With("in.txt", input);
        string[] again = [.. arguments.Select(argument => argument == "-" ? folder.File("in.txt") : argument)];
        var mended = await ColbertProcess.Run(null, again);
        Assert.Equal(2, mended.Exit);
        Assert.Contains(
            "it has no 'out.npz.errors.jsonl' beside it, and its manifest counts 1 error. It is encoded again",
            mended.Error, StringComparison.Ordinal);
        Assert.Single(File.ReadLines(folder.File("out.npz.errors.jsonl")));
    }

    [Theory]
    [InlineData("out.npz")]
    [InlineData("out")]
    public async Task A_finished_output_that_was_damaged_is_encoded_again(string name)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("in.txt", "one\ntwo\n");
        string[] arguments = ["encode", "--document", "--model", Model, folder.File("in.txt"), "-o", folder.File(name), "--resume"];
        Assert.Equal((0, "", ""), await ColbertProcess.Run(null, arguments));
        string file = folder.File(name == "out" ? "out/doc_000001.npy" : name), manifest = folder.File(name + ".manifest.json");
        (byte[] Output, byte[] Manifest) good = (File.ReadAllBytes(file), File.ReadAllBytes(manifest));
        using (FileStream cut = File.OpenWrite(file)) cut.SetLength(cut.Length - 3);
        var again = await ColbertProcess.Run(null, arguments);
        Assert.Equal(0, again.Exit);
        Assert.Matches(
            "^colbert: '.*' is not as its manifest says: it has [0-9]+ bytes, and [0-9]+ were written. "
                + "It is encoded again and replaced.\n$",
            again.Error);
        Assert.Equal(good.Output, File.ReadAllBytes(file));
        Assert.Equal(good.Manifest, File.ReadAllBytes(manifest));
        Assert.Contains("is finished already", (await ColbertProcess.Run(null, arguments)).Error, StringComparison.Ordinal);

        if (name == "out")
        {
            // What neither list nor manifest knows may be somebody's own.
            File.Delete(folder.File("out/doc_texts.jsonl"));
            File.Copy(file, folder.File("out/doc_000002.npy"));
            var unnamed = await ColbertProcess.Run(null, arguments);
            Assert.Equal(2, unnamed.Exit);
            Assert.StartsWith(
                $"colbert: OutputExists: '{folder.File("out/doc_000002.npy")}' is not a result of an earlier run", unnamed.Error,
                StringComparison.Ordinal);
            File.Delete(folder.File("out/doc_000002.npy"));
            Assert.Equal(0, (await ColbertProcess.Run(null, arguments)).Exit);
            Assert.Equal(good.Manifest, File.ReadAllBytes(manifest));
        }

        foreach (int left in (int[])[0, 100])
        {
            File.WriteAllBytes(manifest, good.Manifest[..left]);
            var broken = await ColbertProcess.Run(null, arguments);
            Assert.Equal(2, broken.Exit);
            Assert.Contains("its manifest is broken", broken.Error, StringComparison.Ordinal);
            Assert.Equal(0, (await ColbertProcess.Run(null, [.. arguments, "--force"])).Exit);
            Assert.Equal(good.Manifest, File.ReadAllBytes(manifest));
        }
    }

    [Fact]
    public async Task A_run_that_stops_says_what_is_kept()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("in.json", "[\"one\", \"two\", {");
        string[] arguments = ["encode", "--document", "--model", Model, folder.File("in.json"), "-o", folder.File("out.npz")];
        var plain = await ColbertProcess.Run(null, arguments);
        Assert.Equal((2, false), (plain.Exit, plain.Error.Contains("kept", StringComparison.Ordinal)));
        var resumed = await ColbertProcess.Run(null, [.. arguments, "--resume"]);
        Assert.Equal(2, resumed.Exit);
        Assert.StartsWith(
            "colbert: stopped; 2 texts kept, and the same command goes on from there.\ncolbert: InputInvalid: ", resumed.Error,
            StringComparison.Ordinal);
        Assert.DoesNotContain("stopped;", (await ColbertProcess.Run(null, [.. arguments, "--resume"])).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_runs_do_not_share_one_output()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        string[] arguments = ["encode", "--document", "--model", Model, "-", "-o", folder.File("out.npz"), "--resume"];
        using Process first = ColbertProcess.Start(arguments);
        while (!File.Exists(folder.File(".out.npz.partial/journal.jsonl")) && !first.HasExited) await Task.Delay(20, cancellation);
        var second = await ColbertProcess.Run("a\n", arguments);
        System.Text.Json.JsonElement said = ErrorCases.Held();
        Assert.Equal(said.GetProperty("exit").GetInt32(), second.Exit);
        Assert.StartsWith($"colbert: {ErrorCases.ErrorOf(said)}: ", second.Error, StringComparison.Ordinal);
        Assert.All(ErrorCases.NamesOf(said), part => Assert.Contains(part, second.Error, StringComparison.Ordinal));
        Assert.Equal(2, second.Error.TrimEnd('\n').Split('\n').Length);
        await first.StandardInput.WriteAsync("a\n".AsMemory(), cancellation);
        first.StandardInput.Close();
        await first.WaitForExitAsync(cancellation);
        Assert.Equal(0, first.ExitCode);
        Assert.Single(ColbertEmbeddingFile.Read(folder.File("out.npz")));
    }

    private static string[] Arguments(TemporaryFolder folder, string name, string[] options) =>
        [
            "encode", "--document", "--model", Model, "-", "--input-format", "jsonl", "-o", folder.File(name), "--resume",
            "--include-tokens", .. options,
        ];

    private static IEnumerable<string> Lines() => Enumerable.Range(0, Texts)
        .Select(i => i % 700 == 300
            ? "{\"text\":\"\\ud800\"}\n"
            : $"{{\"id\":{i},\"text\":\"{string.Concat(Enumerable.Repeat($"word {i} ", 1 + (i % 37)))}\"}}\n");

    private static long Done(string journal)
    {
        try
        {
            using var stream = new FileStream(journal, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream);
            string[] lines = reader.ReadToEnd().Split('\n')[..^1];
            if (lines.Length < 2) return 0;
            using var json = System.Text.Json.JsonDocument.Parse(lines[^1]);
            return json.RootElement.GetProperty("encoded").GetInt64() + json.RootElement.GetProperty("bad").GetInt64();
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static void AssertSame(string expected, string actual)
    {
        if (File.Exists(expected))
        {
            Assert.True(File.ReadAllBytes(expected).AsSpan().SequenceEqual(File.ReadAllBytes(actual)));
            return;
        }

        string[] names = [.. Directory.EnumerateFiles(expected).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        Assert.Equal(names, Directory.EnumerateFiles(actual).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        foreach (string name in names)
            Assert.True(
                File.ReadAllBytes(Path.Combine(expected, name)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(actual, name))),
                name);
    }
}
