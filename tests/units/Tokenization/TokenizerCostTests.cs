using System.Diagnostics;
using System.Globalization;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Tests.Tokenization;

/// <summary>Memory, time and independence of the machine's settings.</summary>
[Collection(nameof(Alone))]
public sealed class TokenizerCostTests(ITestOutputHelper output)
{
    public static TheoryData<string> Wholes =>
        [.. TokenizerCase.Folders.Where(folder => folder.StartsWith("whole-", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Wholes))]
    public void Nothing_is_allocated_once_the_buffers_have_grown(string folder)
    {
        Tokenizer tokenizer = Tokenizer.Load(TestData.Path("tokenizers", folder, "tokenizer.json"));
        string[] texts = [.. TokenizerCase.Read(folder).Select(text => text.Text)];
        var buffer = new TokenBuffer();
        foreach (bool offsets in new[] { true, false })
        {
            var options = new TokenizeOptions { Offsets = offsets };
            long allocated;
            int tokens;
            int rounds = 0;
            // Code that is not optimized yet boxes here and there; on a busy machine the runtime needs some rounds more.
            do
            {
                tokens = 0;
                long before = GC.GetAllocatedBytesForCurrentThread();
                foreach (string text in texts)
                {
                    tokenizer.Encode(text, buffer, options);
                    tokens += buffer.Count;
                }

                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            }
            while (allocated > 0 && ++rounds < 4000);

            output.WriteLine($"{folder}: {allocated} bytes for {tokens} tokens of {texts.Length} texts");
            Assert.Equal(0, allocated);
        }
    }

    [Theory]
    [MemberData(nameof(Wholes))]
    [Trait("Kind", "Timed")]
    public void No_input_takes_time_out_of_proportion(string folder)
    {
        Tokenizer tokenizer = Tokenizer.Load(TestData.Path("tokenizers", folder, "tokenizer.json"));
        var buffer = new TokenBuffer();
        foreach (string unit in new[] { "a", "ab", " ", "\n ", "'s", ".", "中", "\u0301", "😀", "a1", "▁", "\u1100\u1161", "aaaaaaaab" })
        {
            double small = Best(Repeat(unit, 25_000)), large = Best(Repeat(unit, 100_000));
            output.WriteLine($"{folder} {unit.Length}x U+{(int)unit[0]:X4}: 25,000 in {small * 1e3:f2} ms, 100,000 in {large * 1e3:f2} ms");
            // n log n: 4.5 times as long. A square would be 16 times, and seconds.
            Assert.True(large < (small * 12) + 0.2, $"{folder} {unit}: {small * 1e3:f2} ms became {large * 1e3:f2} ms");
        }

        double Best(string text)
        {
            double best = double.MaxValue;
            for (int i = 0; i < 3; i++)
            {
                long start = Stopwatch.GetTimestamp();
                tokenizer.Encode(text, buffer, new TokenizeOptions());
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
            }

            return best;
        }

        static string Repeat(string unit, int length) => string.Concat(Enumerable.Repeat(unit, length / unit.Length));
    }

    [Fact]
    public void A_vocabulary_of_250000_pieces_loads_into_60_MB()
    {
        byte[] json = LargeTokenizer.Make();
        Tokenizer.Parse(json, "warm");
        long before = GC.GetTotalMemory(forceFullCollection: true), allocated = GC.GetAllocatedBytesForCurrentThread();
        Tokenizer tokenizer = Tokenizer.Parse(json, "large");
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        long kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine($"{json.Length / 1e6:f1} MB of JSON: {allocated / 1e6:f1} MB allocated, {kept / 1e6:f1} MB kept");
        Assert.Equal(249_999, tokenizer.TokenToId(tokenizer.IdToToken(249_999)!));
        Assert.True(kept < 60_000_000 && allocated < 120_000_000, $"{kept} bytes kept, {allocated} allocated");
    }

    [Fact]
    [Trait("Kind", "Timed")]
    public void A_vocabulary_of_250000_pieces_loads_soon()
    {
        byte[] json = LargeTokenizer.Make();
        double seconds = double.MaxValue;
        for (int i = 0; i < 4; i++)
        {
            long start = Stopwatch.GetTimestamp();
            Tokenizer.Parse(json, "large");
            seconds = Math.Min(seconds, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        output.WriteLine($"{json.Length / 1e6:f1} MB of JSON: {seconds * 1e3:f0} ms");
        Assert.InRange(seconds, 0, 3);
    }

    [Theory]
    [InlineData("tr-TR")]
    [InlineData("th-TH")]
    [InlineData("lt-LT")]
    public void The_culture_changes_no_id(string culture)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
            foreach (string folder in new[]
            {
                "whole-bert-uncased", "normalizer-lowercase", "whole-xlmr", "pre-split-gpt4", "normalizer-replace-string",
            })
                new TokenizerReferenceTests(output).Every_text_gets_the_ids_and_offsets_of_the_original(folder);
        }
        finally
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = before;
        }
    }

    [Fact]
    public async Task A_process_without_globalization_data_gives_the_same_ids()
    {
        (int exit, string text) = await TestProcess.Run(
            new Dictionary<string, string> { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1" }, typeof(TokenizerReferenceTests));
        output.WriteLine(text[^Math.Min(400, text.Length)..]);
        Assert.Equal(0, exit);
        Assert.Contains("Total: 160, Errors: 0, Failed: 0", text, StringComparison.Ordinal);
    }
}
