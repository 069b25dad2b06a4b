using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ColbertOnnx.Embeddings;

namespace ColbertOnnx.Tests.Faces;

/// <summary>
/// A corpus in shards, by processes that are killed at random, asked to end, or run out of room, and started again until merge --check has
/// nothing to say: the merged output has the bytes of one run. COLBERT_TEST_SHARDS=200000 takes this many texts, and 16 shards in every
/// format.
/// </summary>
public sealed class KilledShardsTests(ITestOutputHelper log)
{
    private const int AtOnce = 3;

    private static readonly int? Asked = int.TryParse(
        Environment.GetEnvironmentVariable("COLBERT_TEST_SHARDS"), NumberStyles.None, CultureInfo.InvariantCulture,
        out int texts) ? texts : null;
    private static readonly string Model = TestData.Path("onnx", "bert-base");

    // Rounds after which nothing happens to the processes any more.
    private static readonly int Calm = Asked is null ? 2 : 6;

    public static TheoryData<string, int> Cases =>
        Asked is null
            ? new() { { ".safetensors", 5 }, { "", 3 } }
            : new() { { ".safetensors", 16 }, { "", 16 }, { ".npz", 16 }, { ".jsonl", 16 }, { ".parquet", 16 } };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Shards_of_killed_processes_merge_to_the_bytes_of_one_run(string ending, int shards)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs signals.");
        int seed = int.TryParse(Environment.GetEnvironmentVariable("COLBERT_TEST_SEED"), out int given) ? given : Random.Shared.Next();
        var random = new Random(seed);
        using TemporaryFolder folder = Corpus(Asked ?? 400);
        var watch = Stopwatch.StartNew();
        var whole = await ColbertProcess.Run(null, Encode(folder, "whole" + ending));
        Assert.True(whole.Exit == 2, whole.Error);
        TimeSpan taken = watch.Elapsed;
        Directory.CreateDirectory(folder.File("out"));

        int[] left = [.. Enumerable.Range(1, shards)];
        var ends = new List<string>();
        int round = 0;
        for (; left.Length > 0; round++)
        {
            Assert.True(round < 20, $"seed {seed}: {string.Join(' ', left)} are left");
            var queue = new Queue<(int Shard, Trouble Trouble, TimeSpan After)>(left.OrderBy(_ => random.Next()).Select(shard =>
                (
                    shard, round < Calm ? (Trouble)random.Next(5) : Trouble.None,
                    random.NextDouble() * (TimeSpan.FromMilliseconds(500) + (taken * 4 / shards)))));
            await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
            {
                while (Next(queue) is { } next) await Run(folder, ending, shards, next.Shard, next.Trouble, next.After, ends);
            }));
            left = await Check(folder, ending, shards);
        }

        var merged = await ColbertProcess.Run(null, ["merge", .. Outputs(folder, ending, shards), "-o", folder.File("merged" + ending)]);
        IEnumerable<string> counts =
            ends.CountBy(end => end).OrderBy(end => end.Key, StringComparer.Ordinal).Select(end => $"{end.Value} {end.Key}");
        log.WriteLine($"seed {seed}: {round} rounds, {string.Join(", ", counts)}; {watch.Elapsed.TotalSeconds:f0} s");
        Assert.True(merged.Exit == 0, merged.Error);
        AssertSame(folder, ending, "whole", "merged");

        // Nothing else lies about.
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path, ".*", SearchOption.AllDirectories));
        string[] names = [.. Enumerable.Range(1, shards).Select(shard => $"{shard:D3}{ending}")];
        Assert.Equal(
            names.Concat(names.Select(name => name + ".manifest.json")).Order(StringComparer.Ordinal),
            Directory.EnumerateFileSystemEntries(folder.File("out")).Select(path => Path.GetFileName(path))
                .Where(name => !name.EndsWith(".errors.jsonl", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    private enum Trouble
    {
        None,
        Kill,
        Kill2,
        Terminate,
        FullDisk,
    }

    private static TemporaryFolder Corpus(int texts)
    {
        var lines = new StringBuilder();
        // One in 97 cannot be encoded.
        for (int i = 0; i < texts; i++)
            lines.Append(i % 97 == 50
                ? "{\"text\":\"\\ud800\"}\n"
                : $"{{\"id\":\"d{i}\",\"text\":\"{string.Concat(Enumerable.Repeat($"word {i} and more ", 1 + (i % 13)))}\"}}\n");
        return new TemporaryFolder().With("corpus.jsonl", lines.ToString());
    }

    private static (int Shard, Trouble Trouble, TimeSpan After)? Next(Queue<(int, Trouble, TimeSpan)> queue)
    {
        lock (queue) return queue.TryDequeue(out var next) ? next : null;
    }

    private static string[] Encode(TemporaryFolder folder, string name, params string[] options) =>
        ["encode", "--document", "--model", Model, folder.File("corpus.jsonl"), "-o", folder.File(name), .. options];

    private static string[] Outputs(TemporaryFolder folder, string ending, int shards) =>
        [.. Enumerable.Range(1, shards).Select(shard => folder.File($"out/{shard:D3}{ending}"))];

    private static async Task Run(
        TemporaryFolder folder, string ending, int shards, int shard, Trouble trouble, TimeSpan after, List<string> ends)
    {
        string[] arguments = Encode(folder, $"out/{shard:D3}{ending}", "--shard", $"{shard}/{shards}", "--resume", "--sessions", "1");
        using Process process = trouble == Trouble.FullDisk ? StartWithoutRoom(arguments) : ColbertProcess.Start(arguments);
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync(), output = process.StandardOutput.ReadToEndAsync();
        if (trouble is Trouble.Kill or Trouble.Kill2 or Trouble.Terminate)
        {
            using var limit = new CancellationTokenSource(after);
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                if (trouble == Trouble.Terminate) ColbertProcess.Signal(process, "TERM");
                else process.Kill();
            }
        }

        await process.WaitForExitAsync();
        string said = await error;
        Assert.Empty(await output);
        lock (ends) ends.Add(process.ExitCode switch
        {
            0 or 2 => "done",
            3 => "without room",
            130 => "interrupted",
            137 => "killed",
            143 => "ended before it began",
            var other => $"exit code {other}: {said}",
        });
        Assert.True(
            process.ExitCode is 0 or 130 or 137 or 143
                || (process.ExitCode == 2 && !said.Contains("OutputExists", StringComparison.Ordinal))
                || (process.ExitCode == 3 && trouble == Trouble.FullDisk),
            said);
    }

    // Files of 4 KB at most; .NET's own memory is mapped by a file as well, unless it is told otherwise.
    private static Process StartWithoutRoom(string[] arguments)
    {
        var start = new ProcessStartInfo(
            "sh", ["-c", "trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\"", ColbertProcess.Program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        return ChildProcess.Start(start);
    }

    private static async Task<int[]> Check(TemporaryFolder folder, string ending, int shards)
    {
        var check = await ColbertProcess.Run(null, ["merge", "--check", .. Outputs(folder, ending, shards)]);
        if (check.Exit == 2) return [.. Enumerable.Range(1, shards)];
        Assert.True(check.Exit is 0 or 1, check.Error);
        Assert.Equal(check.Exit == 0, check.Output.Length == 0);
        return
        [
            .. check.Output.Trim().Split(',', StringSplitOptions.RemoveEmptyEntries).SelectMany(span =>
            {
                int[] ends = [.. span.Split('-').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
                return Enumerable.Range(ends[0], ends[^1] - ends[0] + 1);
            }),
        ];
    }

    private static void AssertSame(TemporaryFolder folder, string ending, string one, string other)
    {
        string[] files = ending.Length > 0
            ? [""]
            : [.. Directory.EnumerateFiles(folder.File(one)).Select(file => "/" + Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        if (ending.Length == 0)
            Assert.Equal(
                files,
                Directory.EnumerateFiles(folder.File(other)).Select(file => "/" + Path.GetFileName(file)).Order(StringComparer.Ordinal));
        foreach (string file in files)
            Assert.True(
                File.ReadAllBytes(folder.File(one + ending + file)).AsSpan()
                    .SequenceEqual(File.ReadAllBytes(folder.File(other + ending + file))),
                file);

        RunManifest first = RunManifest.Read(RunManifest.PathOf(folder.File(one + ending))),
            second = RunManifest.Read(RunManifest.PathOf(folder.File(other + ending)));
        Assert.Equal(first.ToJson(), (second with { Output = second.Output with { Name = first.Output.Name } }).ToJson());
        Assert.Equal(Failed(one), Failed(other));

        string[] Failed(string name) =>
        [
            .. File.ReadLines(RunManifest.ErrorsPathOf(folder.File(name + ending)))
                .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("text").GetRawText()),
        ];
    }
}
