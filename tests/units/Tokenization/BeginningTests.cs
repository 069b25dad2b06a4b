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
            }
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void What_is_certain_of_a_beginning_is_what_the_whole_text_has(string folder)
    {
        Tokenizer tokenizer = Tokenizer.Load(TestData.Path("tokenizers", folder, "tokenizer.json"));
        string[] texts = [.. TokenizerCase.Read(folder).Select(text => text.Text)];
        string[] edges = ["don't we'll they've 'll 's", "a\r\n b\r\nc", "e\u0301 n\u0303", "x  y \n  z", "12 345 6789", "i'lll 'veil 're"];
        var random = new Random(11);
        int certain = 0, tokens = 0;
        for (int round = 0; round < 25; round++)
        {
            string text = string.Concat(Enumerable.Range(0, 4)
                .Select(i =>
                    (i % 2 == 0 ? texts[random.Next(texts.Length)] : edges[random.Next(edges.Length)]) + (random.Next(2) == 0 ? " " : "")));
            if (text.Length > 400) text = text[..400];
            tokens += CheckEveryBeginning(tokenizer, text, ref certain);
        }

        output.WriteLine($"{folder}: {certain} of about {tokens} tokens were certain");
    }

    [Theory]
    [InlineData("""{"type":"Replace","pattern":{"String":"lo w"},"content":"X"}""", """{"type":"WhitespaceSplit"}""", "")]
    [InlineData("""{"type":"Replace","pattern":{"Regex":"o( w|$)"},"content":"-"}""", """{"type":"WhitespaceSplit"}""", "")]
    [InlineData("""{"type":"Replace","pattern":{"Regex":"l+(?=o)"},"content":" "}""", """{"type":"WhitespaceSplit"}""", "")]
    [InlineData("""{"type":"Replace","pattern":{"Regex":"o*"},"content":"- "}""", """{"type":"WhitespaceSplit"}""", "")]
    [InlineData(
        """{"type":"Sequence","normalizers":[{"type":"Replace","pattern":{"String":"o"},"content":"  "},{"type":"Strip","strip_left":false,"strip_right":true}]}""",
        """{"type":"UnicodeScripts"}""", "")]
    [InlineData("""{"type":"Replace","pattern":{"String":"lo wor"},"content":"X"}""", """{"type":"WhitespaceSplit"}""", "")]
    [InlineData("""{"type":"Replace","pattern":{"Regex":"o$"},"content":" a b c"}""", """{"type":"WhitespaceSplit"}""", "")]
    [InlineData("null", """{"type":"FixedLength","length":5}""", "hello,single,lstrip")]
    [InlineData("null", """{"type":"WhitespaceSplit"}""", "hello,single")]
    [InlineData("null", """{"type":"WhitespaceSplit"}""", "wor ld,lstrip;lo wo,rstrip;lo")]
    [InlineData("""{"type":"Lowercase"}""", """{"type":"Whitespace"}""", "HELLO w,normalized;wor,normalized,rstrip")]
    [InlineData("""{"type":"Lowercase"}""", """{"type":"Whitespace"}""", "HELLO,normalized,single;LD,normalized,lstrip")]
    public void Nothing_that_lies_across_the_cut_is_taken_for_certain(string normalizer, string preTokenizer, string added)
    {
        IEnumerable<string> tokens = added.Split(';', StringSplitOptions.RemoveEmptyEntries).Select((token, i) =>
        {
            string Flag(string name) => token.Contains("," + name, StringComparison.Ordinal) ? "true" : "false";
            return $$"""{"id":{{i + 2}},"content":"{{token.Split(',')[0]}}","single_word":{{Flag("single")}},"lstrip":{{Flag("lstrip")}}"""
                + $$""","rstrip":{{Flag("rstrip")}},"normalized":{{Flag("normalized")}},"special":false}""";
        });
        Tokenizer tokenizer = Tokenizer.Parse(
            Encoding.UTF8.GetBytes($$$"""
                {"model":{"type":"WordLevel","unk_token":"u","vocab":{"u":0}},"normalizer":{{{normalizer}}},"pre_tokenizer":{{{preTokenizer}}},
                "added_tokens":[{{{string.Join(',', tokens)}}}]}
                """), "test");
        var random = new Random(3);
        string[] parts = ["hello", "wor", "ld", "lo", "w", "o", " ", "  ", "l", "HELLO ", "ll"];
        int certain = 0;
        for (int round = 0; round < 40; round++)
            CheckEveryBeginning(
                tokenizer, string.Concat(Enumerable.Range(0, 60).Select(_ => parts[random.Next(parts.Length)])), ref certain);
        output.WriteLine($"{certain} tokens were certain");
    }

    // Returns how many tokens could have been certain.
    private static int CheckEveryBeginning(Tokenizer tokenizer, string text, ref int certain)
    {
        TokenBuffer whole = new(), beginning = new();
        tokenizer.Encode(text, whole, new TokenizeOptions { AddSpecialTokens = false, Offsets = true });
        int tokens = 0;
        for (int length = 1; length < text.Length; length++)
        {
            tokens += whole.Count * length / text.Length;
            if (!tokenizer.EncodeBeginning(text, length, beginning)) continue;
            certain += beginning.Count;
            if (beginning.Count <= whole.Count && beginning.Ids.SequenceEqual(whole.Ids[..beginning.Count])
                && beginning.Offsets.SequenceEqual(whole.Offsets[..beginning.Count]))
                continue;
            Assert.Fail(
                $"{System.Text.Json.JsonSerializer.Serialize(text)} {length}\nwhole   {string.Join(' ', whole.Ids.ToArray())} "
                    + $"{string.Join(' ', whole.Offsets.ToArray())}\ncertain {string.Join(' ', beginning.Ids.ToArray())} "
                    + $"{string.Join(' ', beginning.Offsets.ToArray())}");
        }

        return tokens;
    }

    [Theory]
    [InlineData("whole-bert-uncased")]
    [InlineData("whole-roberta")]
    [InlineData("whole-modernbert")]
    [InlineData("whole-xlmr")]
    [InlineData("whole-qwen3-embedding")]
    public void The_rest_of_a_long_text_is_not_read(string folder)
    {
        Tokenizer tokenizer = Tokenizer.Load(TestData.Path("tokenizers", folder, "tokenizer.json"));
        tokenizer.Encode(Long(10_000_000), new TokenBuffer(), new TokenizeOptions { MaxLength = 180 });

        // The whole text would be some thousands.
        Assert.InRange(Tokenizer.LastLooks, 1, 100);
    }

    [Theory]
    [Trait("Kind", "Timed")]
    [InlineData("whole-bert-uncased")]
    [InlineData("whole-roberta")]
    [InlineData("whole-modernbert")]
    [InlineData("whole-xlmr")]
    [InlineData("whole-qwen3-embedding")]
    public void A_long_text_costs_what_its_beginning_costs(string folder)
    {
        Tokenizer tokenizer = Tokenizer.Load(TestData.Path("tokenizers", folder, "tokenizer.json"));
        string words = Long(1), text = Long(10_000_000);
        var buffer = new TokenBuffer();
        var options = new TokenizeOptions { MaxLength = 180 };
        double beginning = Best(words), whole = Best(text);
        output.WriteLine($"{folder}: {words.Length} characters {beginning * 1e6:f0} us, {text.Length} characters {whole * 1e6:f0} us");
        Assert.True(whole < beginning * 20 + 0.05, $"{whole * 1e6:f0} us against {beginning * 1e6:f0} us");

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

    private static string Long(int length)
    {
        string words = string.Concat(Enumerable.Repeat("The quick brown foxes are jumping over 13 lazy dogs, aren't they? ", 20));
        return string.Concat(Enumerable.Repeat(words, Math.Max(1, length / words.Length)));
    }
}
