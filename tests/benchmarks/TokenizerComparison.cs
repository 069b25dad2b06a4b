using System.Diagnostics;
using ColbertOnnx.Tests;
using ColbertOnnx.Tests.Tokenization;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Benchmarks;

/// <summary>Our tokenizer against the Rust original, one thread each, in turns, on the same texts; ids are compared first.</summary>
internal static class TokenizerComparison
{
    private const int Rounds = 21;

    public static int Run(string[] kinds)
    {
        using Oracle? oracle = Oracle.Start(out string reason);
        if (oracle is null)
        {
            Console.Error.WriteLine($"The original is not here: {reason}");
            return 3;
        }

        Console.WriteLine($"{Machine.Describe()}; original: tokenizers 0.23.2 from npm, RAYON_NUM_THREADS=1");
        Console.WriteLine();
        Console.WriteLine(
            "| tokenizer | texts | tokens a text | here, M tokens/s (min median max) | original (min median max) | ratio of medians | "
                + "by CPU time (min median max) |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (string kind in kinds.Length > 0 ? kinds : ["real-minilm-bert-uncased", "whole-modernbert", "whole-roberta", "whole-xlmr"])
        {
            string file = TestData.Path("tokenizers", kind, "tokenizer.json");
            oracle.Open(file);
            Tokenizer tokenizer = Tokenizer.Load(file);
            foreach ((string name, string[] texts) in TokenizerTexts.All()) Compare(oracle, tokenizer, kind, name, texts);
        }

        if (kinds.Length == 0) TokenizerLoading.Run(oracle);
        return 0;
    }

    private static void Compare(Oracle oracle, Tokenizer tokenizer, string kind, string name, string[] texts)
    {
        var buffer = new TokenBuffer();
        foreach (string text in texts)
        {
            tokenizer.Encode(text, buffer, new());
            if (!buffer.Ids.SequenceEqual(oracle.Encode(text).Ids))
                throw new InvalidOperationException($"{kind}: other ids for '{text[..40]}...'");
        }

        for (int i = 0; i < 20; i++) Once(tokenizer, buffer, texts); // until the code is compiled for speed
        for (int i = 0; i < 3; i++) oracle.Time(texts);
        double[] here = new double[Rounds], there = new double[Rounds], ratios = new double[Rounds];
        long tokens = 0;
        for (int round = 0; round < Rounds; round++)
        {
            // The order changes from round to round.
            (double Seconds, double CpuSeconds) ours = round % 2 == 0 ? Once(tokenizer, buffer, texts) : default;
            (there[round], double cpu, tokens) = oracle.Time(texts);
            if (round % 2 == 1) ours = Once(tokenizer, buffer, texts);
            (here[round], ratios[round]) = (ours.Seconds, cpu / ours.CpuSeconds);
        }

        Array.Sort(ratios);
        Console.WriteLine(
            $"| {kind} | {name} | {tokens / texts.Length} | {Rates(tokens, here)} | {Rates(tokens, there)} | "
                + $"{Median(there) / Median(here):F1} | {ratios[0]:F1} {ratios[Rounds / 2]:F1} {ratios[^1]:F1} |");
    }

    // The original takes several times as long: ours runs this often, so that rounds are about equally long.
    private static (double Seconds, double CpuSeconds) Once(Tokenizer tokenizer, TokenBuffer buffer, string[] texts)
    {
        const int Times = 5;
        TimeSpan used = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Times; i++)
        {
            foreach (string text in texts) tokenizer.Encode(text, buffer, new() { Offsets = true }); // the original always makes offsets
        }

        return (Stopwatch.GetElapsedTime(start).TotalSeconds / Times, (Environment.CpuUsage.TotalTime - used).TotalSeconds / Times);
    }

    private static string Rates(long tokens, double[] seconds)
    {
        double[] rates = [.. seconds.Select(s => tokens / s / 1e6).Order()];
        return $"{rates[0]:F2} {rates[rates.Length / 2]:F2} {rates[^1]:F2}";
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
