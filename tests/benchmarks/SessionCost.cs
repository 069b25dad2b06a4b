using System.Diagnostics;
using ColbertOnnx.Runtime;
using ColbertOnnx.Tests;

namespace ColbertOnnx.Benchmarks;

/// <summary>
/// What a call costs, in CPU time, beyond the least that the managed API takes, and in memory; and opening a first session in a process of
/// its own.
/// </summary>
internal static class SessionCost
{
    private const int Openings = 9;

    private static readonly int[] Lengths = [1, 32, 180];

    public static int Run(string[] arguments)
    {
        string graph = arguments is [string path]
            ? Path.GetFullPath(path)
            : Path.Combine(TestData.Repository, "module", "models", "minilm-l6-colbert-96", "model_int8.onnx");
        Console.WriteLine(
            $"{Machine.Describe()}; {Path.GetFileName(Path.GetDirectoryName(graph))}/{Path.GetFileName(graph)}, one thread; minimum, "
                + $"median and maximum");
        Console.WriteLine();
        Console.WriteLine("| tokens | raw loop, us | bytes | encoder session, us | bytes | median of the differences, us |");
        Console.WriteLine("|---|---|---|---|---|---|");
        using (OrtEncoderSession session = OrtEncoderSession.Open(graph, new EncoderSessionOptions()))
        {
            foreach (int length in Lengths) Row(session, graph, length);
        }

        double[][] opened = [.. Enumerable.Range(0, Openings).Select(_ => ChildRun.Run("off", "session", graph))];
        Console.WriteLine();
        Console.WriteLine("| a first session in its process | ms | ms of CPU time |");
        Console.WriteLine("|---|---|---|");
        Console.WriteLine(
            $"| | {ChildRun.Spread(opened.Select(run => run[0]), "F1")} | {ChildRun.Spread(opened.Select(run => run[1]), "F1")} |");
        return 0;
    }

    public static int Child(string graph)
    {
        long began = Stopwatch.GetTimestamp();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        using OrtEncoderSession session = OrtEncoderSession.Open(graph, new EncoderSessionOptions());
        return ChildRun.Answer(
            Stopwatch.GetElapsedTime(began).TotalMilliseconds, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
    }

    // In turns, and by CPU time, which a busy machine stretches least.
    private static void Row(OrtEncoderSession session, string graph, int length)
    {
        int[] ids = [.. Enumerable.Range(1, length).Select(i => i * 37 % 900)];
        byte[] mask = [.. Enumerable.Repeat((byte)1, length)];
        float[] rows = new float[length * session.Dimension];
        using var raw = new RawLoop(graph, ids);
        using var cancellation = new CancellationTokenSource();
        double[] rawTimes = new double[4000 / (length + 10)], times = new double[rawTimes.Length];
        long rawBytes = 0, bytes = 0;
        for (int i = -5; i < times.Length; i++)
        {
            (double rawTime, long rawTaken) = Measure(raw.Run);
            (double time, long taken) = Measure(() => session.Run(1, length, ids, mask, rows, cancellation.Token));
            if (i < 0) continue;
            (rawTimes[i], times[i]) = (rawTime, time);
            rawBytes += rawTaken;
            bytes += taken;
        }

        if (!rows.AsSpan().SequenceEqual(raw.Rows)) throw new InvalidOperationException("The rows differ.");
        double[] differences = [.. times.Zip(rawTimes, (time, rawTime) => time - rawTime).Order()];
        Console.WriteLine(
            $"| {length} | {ChildRun.Spread(rawTimes, "F1")} | {rawBytes / times.Length} | {ChildRun.Spread(times, "F1")} | "
                + $"{bytes / times.Length} | {differences[differences.Length / 2]:F1} |");
    }

    private static (double Time, long Bytes) Measure(Action call)
    {
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        call();
        return ((Environment.CpuUsage.TotalTime - before).TotalMicroseconds, GC.GetAllocatedBytesForCurrentThread() - bytes);
    }
}
