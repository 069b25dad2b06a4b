using System.Diagnostics;
using ColbertOnnx.Tests.Tokenization;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Benchmarks;

/// <summary>
/// How long a tokenizer.json of XLM-RoBERTa's size takes to load, and what it keeps; the original loads the same file in turns.
/// </summary>
internal static class TokenizerLoading
{
    private const int Rounds = 7;

    public static void Run(Oracle oracle)
    {
        string path = Path.Combine(Path.GetTempPath(), $"colbert-large-{Environment.ProcessId}.json");
        byte[] json = LargeTokenizer.Make();
        File.WriteAllBytes(path, json);
        try
        {
            Check(oracle, path);
            double[] here = new double[Rounds], there = new double[Rounds];
            for (int round = 0; round < Rounds; round++)
            {
                here[round] = Seconds(() => Tokenizer.Load(path));
                there[round] = Seconds(() => oracle.Open(path));
            }

            (double kept, double allocated) = Memory(path);
            Console.WriteLine();
            Console.WriteLine(
                "| file | pieces | MB of JSON | here, ms (min median max) | original (min median max) | kept, MB | allocated, MB |");
            Console.WriteLine("|---|---|---|---|---|---|---|");
            Console.WriteLine(
                $"| Unigram of XLM-RoBERTa's size | {LargeTokenizer.Pieces:N0} | {json.Length / 1e6:F1} | {Milliseconds(here)} | "
                    + $"{Milliseconds(there)} | {kept:F0} | {allocated:F0} |");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Check(Oracle oracle, string path)
    {
        oracle.Open(path);
        var buffer = new TokenBuffer();
        Tokenizer tokenizer = Tokenizer.Load(path);
        foreach (string text in TokenizerTexts.All()["mixed"].Take(20))
        {
            tokenizer.Encode(text, buffer, new());
            if (!buffer.Ids.SequenceEqual(oracle.Encode(text).Ids)) throw new InvalidOperationException($"Other ids for '{text[..40]}...'");
        }
    }

    private static (double Kept, double Allocated) Memory(string path)
    {
        long kept = GC.GetTotalMemory(forceFullCollection: true), allocated = GC.GetAllocatedBytesForCurrentThread();
        Tokenizer tokenizer = Tokenizer.Load(path);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        kept = GC.GetTotalMemory(forceFullCollection: true) - kept;
        GC.KeepAlive(tokenizer);
        return (kept / 1e6, allocated / 1e6);
    }

    private static double Seconds(Action load)
    {
        GC.Collect();
        long start = Stopwatch.GetTimestamp();
        load();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static string Milliseconds(double[] seconds)
    {
        double[] sorted = [.. seconds.Order()];
        return $"{sorted[0] * 1e3:F0} {sorted[Rounds / 2] * 1e3:F0} {sorted[^1] * 1e3:F0}";
    }
}
