using System.Diagnostics;
using ColbertOnnx.Tests;
using ColbertOnnx.Tests.Tokenization;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Benchmarks;

/// <summary>Our tokenizer against the Rust original, one thread each, in turns, on the same texts; ids are compared first.</summary>
internal static class TokenizerComparison
{
    private const int Rounds = 31;

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
        Console.WriteLine("| tokenizer | texts | tokens a text | here, M tokens/s (min median max) | original (min median max) | ratio of best | ratio of medians | ratio, each round (min median max) |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
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
            if (!buffer.Ids.SequenceEqual(oracle.Encode(text).Ids)) throw new InvalidOperationException($"{kind}: other ids for '{text[..40]}...'");
        }

        for (int i = 0; i < 20; i++) Once(tokenizer, buffer, texts); // until the code is compiled for speed
        oracle.Time(texts, 3);
        double[] here = new double[Rounds], there = new double[Rounds];
        long tokens = 0;
        for (int round = 0; round < Rounds; round++)
        {
            // Who goes first changes from round to round.
            if (round % 2 == 0) here[round] = Once(tokenizer, buffer, texts);
            (double[] seconds, tokens) = oracle.Time(texts, 1);
            there[round] = seconds[0];
            if (round % 2 == 1) here[round] = Once(tokenizer, buffer, texts);
        }

        double[] ratios = [.. here.Zip(there, (h, t) => t / h).Order()];
        Console.WriteLine($"| {kind} | {name} | {tokens / texts.Length} | {Rates(tokens, here)} | {Rates(tokens, there)} | {there.Min() / here.Min():F2} | {Median(there) / Median(here):F2} | {ratios[0]:F2} {ratios[Rounds / 2]:F2} {ratios[^1]:F2} |");
    }

    private static double Once(Tokenizer tokenizer, TokenBuffer buffer, string[] texts)
    {
        long start = Stopwatch.GetTimestamp();
        foreach (string text in texts) tokenizer.Encode(text, buffer, new() { Offsets = true }); // the original always makes offsets
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static string Rates(long tokens, double[] seconds)
    {
        double[] rates = [.. seconds.Select(s => tokens / s / 1e6).Order()];
        return $"{rates[0]:F2} {rates[rates.Length / 2]:F2} {rates[^1]:F2}";
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
