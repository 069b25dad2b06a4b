using System.Globalization;
using ColbertOnnx.Diagnostics;
using ColbertOnnx.Native;
using ColbertOnnx.Runtime;

namespace ColbertOnnx.Benchmarks;

/// <summary>
/// A graph with our operators and with ONNX Runtime's alone, or with its attention alone, in turns and by CPU time: one thread, one text a
/// call.
/// </summary>
internal static class OperatorsComparison
{
    private const int Warm = 3, Rounds = 15;

    public static int Run(string[] args)
    {
        bool isAttention = args is ["--attention", ..];
        if (args[(isAttention ? 1 : 0)..] is not [string graph, .. string[] lengths] || lengths.Length == 0)
        {
            Console.Error.WriteLine("usage: operators [--attention] GRAPH TOKENS...");
            return 2;
        }

        using OrtEncoderSession ours = OrtEncoderSession.Open(graph, new EncoderSessionOptions()),
            theirs = OrtEncoderSession.Open(graph, new EncoderSessionOptions { FuseRows = isAttention, FuseAttention = false });
        string model = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(graph)))!;
        Console.WriteLine(
            $"{Machine.Describe()}; ONNX Runtime {OrtLibrary.Loaded.Version}; {model}/{Path.GetFileName(graph)}, {Rounds} rounds in turns");
        Console.WriteLine(
            $"\n| tokens | ours, CPU ms a batch (least, median) | ONNX Runtime's {(isAttention ? "attention" : "alone")} (least, median) "
                + "| times as long (median of the rounds) |\n|---|---|---|---|");
        foreach (string length in lengths) Row(ours, theirs, int.Parse(length, CultureInfo.InvariantCulture));
        return 0;
    }

    private static void Row(OrtEncoderSession ours, OrtEncoderSession theirs, int tokens)
    {
        var text = new PreparedBatch(
            tokens, [.. Enumerable.Range(0, tokens).Select(i => 1000 + (i * 7 % 2900))], [.. Enumerable.Repeat((byte)1, tokens)], [0]);
        float[] output = new float[tokens * ours.Dimension];
        int calls = Math.Max(1, 500 / tokens);
        double[] first = new double[Rounds], second = new double[Rounds];
        for (int i = 0; i < Warm; i++) (_, _) = (Measure(ours), Measure(theirs));
        for (int round = 0; round < Rounds; round++)
        {
            if (round % 2 == 0) (first[round], second[round]) = (Measure(ours), Measure(theirs));
            else (second[round], first[round]) = (Measure(theirs), Measure(ours));
        }

        double[] ratios = [.. first.Zip(second, (a, b) => b / a)];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {tokens} | {first.Min():f2} {Median(first):f2} | {second.Min():f2} {Median(second):f2} | {Median(ratios):f2} |"));

        // Of the fastest of some batches: a busy machine takes caches away.
        double Measure(OrtEncoderSession session)
        {
            double least = double.MaxValue;
            for (int i = 0; i < calls; i++)
            {
                TimeSpan before = Environment.CpuUsage.TotalTime;
                RawSessionLoop.RunBatch(session, text, output, default);
                least = Math.Min(least, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
            }

            return least;
        }
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
