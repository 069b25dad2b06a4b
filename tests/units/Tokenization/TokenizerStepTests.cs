using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Tests.Tokenization;

/// <summary>What texts and files that are made to be slow cost, in steps and in looks at the stop.</summary>
public sealed class TokenizerStepTests(ITestOutputHelper output)
{
    private const int Length = 200_000;

    private static readonly string A = new('a', Length);

    [Theory]
    [InlineData("""{"type":"BPE","vocab":{"a":0,"aa":1,"aaaa":2,"aaaaaaaa":3},"merges":["a a","aa aa","aaaa aaaa"]}""", 4)]
    [InlineData("""{"type":"Unigram","unk_id":0,"vocab":[["u",0],["a",-1],["aaaaaaaaaaaaaaaa",-9]]}""", 18)]
    [InlineData(
        """{"type":"WordPiece","unk_token":"u","continuing_subword_prefix":"##","max_input_chars_per_word":1000000,"vocab":{"u":0,"a":1,"##a":2,"aaaaaaaaaaaaaaab":3}}""",
        40)]
    public void A_word_without_end_costs_a_few_steps_for_each_character(string model, int most)
    {
        TokenizerOf.Json($$$"""{"model":{{{model}}}}""").Encode(A, new TokenBuffer(), new TokenizeOptions());
        output.WriteLine($"{Tokenizer.LastSteps} steps, {Tokenizer.LastLooks} looks");
        Assert.InRange(Tokenizer.LastSteps, Length / 16, (long)Length * most);
        Assert.True(Tokenizer.LastLooks >= Length / 4096, $"{Tokenizer.LastLooks} looks");
    }

    [Theory]
    [InlineData("(a|aa)*b")]
    [InlineData("(?:a+)+b")]
    [InlineData("a*(?=b)")]
    [InlineData("a+$b")]
    [InlineData("(?<=a)a*?c")]
    [InlineData("(?<=(?:a|a){10}b)a")]
    public void An_expression_that_fails_everywhere_costs_a_few_steps_for_each_character(string expression)
    {
        Tokenizer tokenizer;
        try
        {
            tokenizer = TokenizerOf.With($$$"""
                "pre_tokenizer":{"type":"Split","pattern":{"Regex":{{{System.Text.Json.JsonSerializer.Serialize(expression)}}} },"behavior":"Isolated","invert":false}
                """);
        }
        catch (ColbertException e) when (e.Id == ColbertErrorId.TokenizerUnsupported)
        {
            output.WriteLine($"{expression} is refused: {e.Message}");
            return;
        }

        tokenizer.Encode(A, new TokenBuffer(), new TokenizeOptions());
        output.WriteLine($"{expression}: {Tokenizer.LastSteps} steps");
        Assert.InRange(Tokenizer.LastSteps, 0, Length * 100L);
    }

    [Fact]
    public void A_string_that_nearly_matches_everywhere_costs_a_few_steps_for_each_character()
    {
        string half = new('a', 4_000);
        Tokenizer tokenizer = TokenizerOf.With($$$"""
            "normalizer":{"type":"Replace","pattern":{"String":"{{{half}}}b{{{half}}}"},"content":"x"}
            """);
        tokenizer.Encode(A, new TokenBuffer(), new TokenizeOptions());
        Assert.InRange(Tokenizer.LastSteps, Length, Length * 3L);
    }

    [Theory]
    [InlineData(3, "aaab")]
    [InlineData(40, "aaab")]
    [InlineData(300, "aab")]
    public void Long_strings_are_found_where_short_ones_are(int length, string alphabet)
    {
        var random = new Random(length);
        for (int round = 0; round < 200; round++)
        {
            string literal = Draw(random, alphabet, length),
                text = Draw(random, alphabet, 300) + literal + Draw(random, alphabet, 100) + literal[..random.Next(length)];
            var search = new ColbertOnnx.Text.LiteralSearch(literal);
            var guard = new ColbertOnnx.Text.TextGuard();
            for (int from = 0; ;)
            {
                int found = search.Find(text, from, guard);
                Assert.Equal(text.IndexOf(literal, from, StringComparison.Ordinal), found);
                if (found < 0) break;
                from = found + literal.Length;
            }

            int open = text.Length;
            for (int k = Math.Min(literal.Length - 1, text.Length); k > 0 && open == text.Length; k--)
            {
                if (text.EndsWith(literal[..k], StringComparison.Ordinal)) open = text.Length - k;
            }

            Assert.Equal(open, search.FindOpen(text, guard));
        }
    }

    public static TheoryData<string> Parts =>
    [
        """ "normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true} """,
        """ "normalizer":{"type":"ByteLevel"} """,
        """ "normalizer":{"type":"Lowercase"} """,
        """ "normalizer":{"type":"NFC"} """,
        """ "normalizer":{"type":"NFD"} """,
        """ "normalizer":{"type":"NFKC"} """,
        """ "normalizer":{"type":"NFKD"} """,
        """ "normalizer":{"type":"Nmt"} """,
        """ "normalizer":{"type":"Replace","pattern":{"String":"a"},"content":"b"} """,
        """ "normalizer":{"type":"Replace","pattern":{"String":"aaaaaaaaaaaaaaaaab"},"content":"b"} """,
        """ "normalizer":{"type":"Replace","pattern":{"Regex":"[ab]c"},"content":"b"} """,
        """ "normalizer":{"type":"Replace","pattern":{"Regex":"(a|b)*c"},"content":"b"} """,
        """ "normalizer":{"type":"StripAccents"} """,
        """ "pre_tokenizer":{"type":"BertPreTokenizer"} """,
        """ "pre_tokenizer":{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true} """,
        """ "pre_tokenizer":{"type":"CharDelimiterSplit","delimiter":"-"} """,
        """ "pre_tokenizer":{"type":"Digits","individual_digits":true} """,
        """ "pre_tokenizer":{"type":"FixedLength","length":5} """,
        """ "pre_tokenizer":{"type":"Metaspace","replacement":"_"} """,
        """ "pre_tokenizer":{"type":"Punctuation","behavior":"Isolated"} """,
        """ "pre_tokenizer":{"type":"Split","pattern":{"Regex":"[ab]c"},"behavior":"Isolated","invert":false} """,
        """ "pre_tokenizer":{"type":"UnicodeScripts"} """,
        """ "pre_tokenizer":{"type":"Whitespace"} """,
        """ "pre_tokenizer":{"type":"WhitespaceSplit"} """,
    ];

    [Theory]
    [MemberData(nameof(Parts))]
    public void Every_part_looks_whether_it_was_stopped(string part)
    {
        // Each in turn: nothing to change, everything to change, everything to take out.
        long most = 0;
        foreach (string unit in new[] { "a", "Äé", "\u0301", "가", "a " })
        {
            string text = string.Concat(Enumerable.Repeat(unit, 400_000 / unit.Length));
            TokenizerOf.With("").Encode(text, new TokenBuffer(), new TokenizeOptions { Offsets = true });
            long alone = Tokenizer.LastLooks;
            TokenizerOf.With(part).Encode(text, new TokenBuffer(), new TokenizeOptions { Offsets = true });
            most = Math.Max(most, Tokenizer.LastLooks - alone);
        }

        Assert.True(most >= 400_000 / 4096 / 2, $"{most} looks");
    }

    [Fact]
    public void A_text_that_was_stopped_before_is_not_begun()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Assert.Throws<OperationCanceledException>(() => TokenizerOf.With("")
            .Encode("a", new TokenBuffer(), new TokenizeOptions { Cancellation = stopped.Token }));
    }

    [Fact]
    public void A_stop_ends_a_text_in_the_middle()
    {
        // Minutes of work: four expressions that go from every place to the end, over ten million characters.
        const string Slow = """{"type":"Replace","pattern":{"Regex":"(?:a|b)*(?:a|b)*c"},"content":"b"}""";
        Tokenizer tokenizer =
            TokenizerOf.With($$$""" "normalizer":{"type":"Sequence","normalizers":[{{{Slow}}},{{{Slow}}},{{{Slow}}},{{{Slow}}}]} """);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        string text = new('a', 10_000_000);
        Task work = Task.Run(() => tokenizer.Encode(text, new TokenBuffer(), new TokenizeOptions { Cancellation = stop.Token }));
        Assert.True(SpinWait.SpinUntil(() => work.IsCompleted, TimeSpan.FromMinutes(2)));
        Assert.IsAssignableFrom<OperationCanceledException>(work.Exception?.InnerException ?? new OperationCanceledException());
        Assert.False(work.IsCompletedSuccessfully);
    }

    private static string Draw(Random random, string alphabet, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => alphabet[random.Next(alphabet.Length)]));
}
