using System.Diagnostics;
using ColbertOnnx.Onnx;
using ColbertOnnx.Runtime;

namespace ColbertOnnx.Benchmarks;

/// <summary>
/// Opening a graph from its own files, for the first time into the cache of packed weights, and from it; and one query alone.
/// </summary>
internal static class PackedComparison
{
    private const int Rounds = 7;
    private const int Tokens = 32;

    /// <summary>
    /// Takes a graph; without one a checkpoint of ModernBERT-base's shape is exported for it, and compared as we write it, weights beside
    /// it, and as a single file.
    /// </summary>
    public static int Run(string[] arguments)
    {
        if (arguments is [string path]) return Compare(Path.GetFullPath(path));
        string folder = Directory.CreateTempSubdirectory("colbert-packed-model-").FullName;
        try
        {
            string checkpoint = RandomCheckpoint.Write(Path.Combine(folder, "checkpoint"), CheckpointShape.ModernBert);
            string graph = Path.Combine(
                ColbertExporter.Export(checkpoint, Path.Combine(folder, CheckpointShape.ModernBert.Name), new ColbertExportOptions()).Path,
                "model.onnx");
            string single = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "single file")).FullName, "model.onnx");
            OnnxWriter.Write(OnnxReader.Read(graph), single, long.MaxValue);
            Compare(graph);
            Console.WriteLine();
            return Compare(single);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int Compare(string graph)
    {
        string cache = Directory.CreateTempSubdirectory("colbert-packed-").FullName;
        List<double[]> plain = [], second = [], latency = [];
        double[] first;
        try
        {
            plain.Add(ChildRun.Run("off", "packed", "open", graph)); // its files are in memory from here on
            first = ChildRun.Run(cache, "packed", "open", graph);
            for (int round = 0; round < Rounds; round++)
            {
                plain.Add(ChildRun.Run("off", "packed", "open", graph));
                second.Add(ChildRun.Run(cache, "packed", "open", graph));
                latency.Add(ChildRun.Run(cache, "packed", "query", graph));
            }
        }
        finally
        {
            Directory.Delete(cache, recursive: true);
        }

        if (plain.Concat(second).Append(first).Select(run => run[3]).Distinct().Count() > 1)
            throw new InvalidOperationException("The rows differ.");
        Console.WriteLine(Machine.Describe());
        Console.WriteLine(
            $"{Path.GetFileName(Path.GetDirectoryName(graph))}/{Path.GetFileName(graph)}, {Rounds} rounds, minimum, median and maximum");
        Console.WriteLine();
        Console.WriteLine("| opening | ms | ms of CPU time | private memory, MB |");
        Console.WriteLine("|---|---|---|---|");
        Row("from its own files", plain[1..]);
        Row("for the first time into the cache", [first]);
        Row("from the cache", second);
        Console.WriteLine();
        Console.WriteLine($"| {Tokens} tokens alone | ms |");
        Console.WriteLine("|---|---|");
        Console.WriteLine($"| the session of the lanes, one thread | {ChildRun.Spread(latency.Select(run => run[0]), "F2")} |");
        Console.WriteLine(
            $"| the session for a single text, {Environment.ProcessorCount} threads | "
                + $"{ChildRun.Spread(latency.Select(run => run[1]), "F2")} |");
        Console.WriteLine($"| private memory of the second session, MB | {ChildRun.Spread(latency.Select(run => run[2]), "F1")} |");
        return 0;

        static void Row(string name, List<double[]> runs) =>
            Console.WriteLine(
                $"| {name} | {ChildRun.Spread(runs.Select(r => r[0]))} | {ChildRun.Spread(runs.Select(r => r[1]))} | "
                    + $"{ChildRun.Spread(runs.Select(r => r[2]))} |");
    }

    public static int Child(string kind, string graph)
    {
        _ = Native.OrtLibrary.Loaded;
        long memory = PrivateMemory.Bytes, began = Stopwatch.GetTimestamp();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        using SharedSession session = SharedSession.Open(graph, null, WeightsCache.OfUser, Environment.ProcessorCount);
        double milliseconds = Stopwatch.GetElapsedTime(began).TotalMilliseconds,
            cpu = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
        float[] rows = Call(session);
        double held = (PrivateMemory.Bytes - memory) / 1e6;
        if (kind == "open") return ChildRun.Answer(milliseconds, cpu, held, Math.Round(rows.Sum(), 3));

        session.ForSingleText();
        session.ForSingleText();
        session.SingleText?.Wait();
        Pipeline.IEncoderSession singleText = session.ForSingleText();
        if (!Call(singleText).SequenceEqual(rows)) throw new InvalidOperationException("The rows differ.");
        double second = ((PrivateMemory.Bytes - memory) / 1e6) - held;
        double[] one = new double[40], all = new double[40];
        for (int i = 0; i < one.Length; i++)
        {
            one[i] = Time(() => Call(session));
            all[i] = Time(() => Call(singleText));
        }

        return ChildRun.Answer(one.Order().ElementAt(one.Length / 2), all.Order().ElementAt(all.Length / 2), second);
    }

    private static float[] Call(Pipeline.IEncoderSession session)
    {
        float[] rows = new float[Tokens * session.Dimension];
        session.Run(
            1, Tokens, [.. Enumerable.Range(1, Tokens).Select(i => i * 37 % 900)], [.. Enumerable.Repeat((byte)1, Tokens)], rows, default);
        return rows;
    }

    private static double Time(Action action)
    {
        long began = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}
