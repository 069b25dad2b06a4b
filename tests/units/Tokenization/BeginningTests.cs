using System.Diagnostics;
using System.Text;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Tests.Tokenization;

public sealed class BeginningTests(ITestOutputHelper output)
{
    public static TheoryData<string> Folders => [.. TokenizerCase.Folders];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_limit_gives_the_tokens_of_the_whole_text_cut_off(string folder)
    {
        Tokenizer tokenizer = Tokenizer.Load(TestData.Path("tokenizers", folder, "tokenizer.json"));
        string[] texts = [.. TokenizerCase.Read(folder).Select(text => text.Text)];
        var random = new Random(7);
        TokenBuffer whole = new(), limited = new();
        int shortcuts = 0, count = 0;
        for (int round = 0; round < 6; round++)
        {
            var builder = new StringBuilder();
            string separator = round % 3 == 0 ? "" : round % 3 == 1 ? " " : "\n";
            while (builder.Length < 6000)
                builder.Append(texts[random.Next(texts.Length)]).Append(separator);
            string text = builder.ToString();
            tokenizer.Encode(text, whole, new TokenizeOptions { AddSpecialTokens = false, Offsets = true });
            foreach (int limit in new[] { 0, 1, 3, 10, 40, 120, 300 })
            {
                tokenizer.Encode(text, limited, new TokenizeOptions { AddSpecialTokens = false, Offsets = true, MaxLength = limit });
                int kept = Math.Min(limit, whole.Count);
                Assert.Equal(whole.Ids[..kept].ToArray(), limited.Ids.ToArray());
                Assert.Equal(whole.Offsets[..kept].ToArray(), limited.Offsets.ToArray());
                Assert.Equal(whole.Count > limit, limited.IsTruncated);
                count++;
                if (tokenizer.LastEncodeWasShort) shortcuts++;
            }
        }

        output.WriteLine($"{folder}: {shortcuts} of {count} did not read the whole text");
    }

    [Theory]
    [InlineData("whole-bert-uncased")]
    [InlineData("whole-roberta")]
    [InlineData("whole-modernbert")]
    [InlineData("whole-xlmr")]
    [InlineData("whole-qwen3-embedding")]
    public void A_long_text_costs_what_its_beginning_costs(string folder)
    {
        Tokenizer tokenizer = Tokenizer.Load(TestData.Path("tokenizers", folder, "tokenizer.json"));
        string words = string.Concat(Enumerable.Repeat("The quick brown foxes are jumping over 13 lazy dogs, aren't they? ", 20));
        string text = string.Concat(Enumerable.Repeat(words, 10_000_000 / words.Length));
        var buffer = new TokenBuffer();
        var options = new TokenizeOptions { MaxLength = 180 };
        double beginning = Best(words), whole = Best(text);
        output.WriteLine($"{folder}: {words.Length} characters {beginning * 1e6:f0} us, {text.Length} characters {whole * 1e6:f0} us");
        Assert.True(whole < beginning * 10 + 0.005, $"{whole * 1e6:f0} us against {beginning * 1e6:f0} us");

        double Best(string text)
        {
            double best = double.MaxValue;
            for (int i = 0; i < 20; i++)
            {
                long start = Stopwatch.GetTimestamp();
                tokenizer.Encode(text, buffer, options);
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
            }

            return best;
        }
    }
}
