using System.Diagnostics;
using ColbertOnnx.Tests;
using ColbertOnnx.Tests.Tokenization;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Benchmarks;

/// <summary>
/// Our tokenizer, as the type that Microsoft.ML.Tokenizers' callers take, beside that package's own classes: how many of the recorded texts
/// get the original's ids, and speed on one thread by CPU time, in turns, both by our number of tokens.
/// </summary>
internal static class MicrosoftComparison
{
    private const int Rounds = 15;

    public static int Run(string[] kinds)
    {
        if (kinds.Length == 0) kinds = MicrosoftTokenizers.Kinds;
        string? version = FileVersionInfo.GetVersionInfo(typeof(Microsoft.ML.Tokenizers.Tokenizer).Assembly.Location).ProductVersion;
        Console.WriteLine($"{Machine.Describe()}; Microsoft.ML.Tokenizers {version?.Split('+')[0]}");
        Console.WriteLine();
        Console.WriteLine("| tokenizer.json | their class | texts | other ids here | other ids there |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (string kind in kinds) CompareIds(kind);
        Console.WriteLine();
        Console.WriteLine(
            "| tokenizer.json | texts | characters | tokens | here, M tokens/s of CPU time (min median max) | their class (min "
                + "median max) | ratio of medians |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (string kind in kinds)
        {
            foreach ((string name, string[] texts) in Texts()) CompareSpeed(kind, name, texts);
        }

        return 0;
    }

    private static void CompareIds(string kind)
    {
        Microsoft.ML.Tokenizers.Tokenizer here = Open(kind);
        (string name, Func<string, IReadOnlyList<int>> there) = MicrosoftTokenizers.Open(kind);
        List<TokenizerCase> texts = TokenizerCase.Read(kind);
        int ours = texts.Count(text => !here.EncodeToIds(text.Text).SequenceEqual(text.Ids));
        int theirs = texts.Count(text => !there(text.Text).SequenceEqual(text.Ids));
        Console.WriteLine($"| {kind} | {name} | {texts.Count:N0} | {ours:N0} | {theirs:N0} ({100.0 * theirs / texts.Count:F0} %) |");
    }

    private static void CompareSpeed(string kind, string name, string[] texts)
    {
        Microsoft.ML.Tokenizers.Tokenizer here = Open(kind);
        (_, Func<string, IReadOnlyList<int>> there) = MicrosoftTokenizers.Open(kind);
        long tokens = texts.Sum(text => (long)here.CountTokens(text));
        for (int i = 0; i < 60; i++)
        {
            Once(text => here.EncodeToIds(text), texts);
            Once(there, texts);
        }

        Thread.Sleep(200); // until the code is compiled for speed
        double[] ours = new double[Rounds], theirs = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            // The order changes from round to round.
            if (round % 2 == 0) ours[round] = Once(text => here.EncodeToIds(text), texts);
            theirs[round] = Once(there, texts);
            if (round % 2 == 1) ours[round] = Once(text => here.EncodeToIds(text), texts);
        }

        Array.Sort(ours);
        Array.Sort(theirs);
        Console.WriteLine(
            $"| {kind} | {name} | {texts.Average(text => text.Length):F0} | {tokens / texts.Length} | {Rates(tokens, ours)} | "
                + $"{Rates(tokens, theirs)} | {theirs[Rounds / 2] / ours[Rounds / 2]:F2} |");
    }

    private static double Once(Func<string, IReadOnlyList<int>> encode, string[] texts)
    {
        TimeSpan used = Environment.CpuUsage.TotalTime;
        foreach (string text in texts) encode(text);
        return (Environment.CpuUsage.TotalTime - used).TotalSeconds;
    }

    private static string Rates(long tokens, double[] seconds) =>
        $"{tokens / seconds[^1] / 1e6:F1} {tokens / seconds[Rounds / 2] / 1e6:F1} {tokens / seconds[0] / 1e6:F1}";

    // Words that come again and words that never do: a tokenizer that remembers words gains nothing from these.
    private static Dictionary<string, string[]> Texts()
    {
        string[] english = TokenizerTexts.All()["english"];
        var random = new Random(5);
        return new()
        {
            ["short"] = [.. english.Select(text => text[..110])],
            ["long"] = english,
            ["drawn words"] =
            [
                .. Enumerable.Range(0, 4000)
                    .Select(_ => string.Join(
                        ' ',
                        Enumerable.Range(0, 20)
                            .Select(_ => new string([.. Enumerable.Range(0, 6).Select(_ => (char)('a' + random.Next(26)))])))),
            ],
        };
    }

    private static HuggingFaceTokenizer Open(string kind) =>
        HuggingFaceTokenizer.Create(TestData.Path("tokenizers", kind, "tokenizer.json"));
}
