using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Tests.Tokenization;

/// <summary>Files that ask for more than a machine has.</summary>
public sealed class TokenizerLimitTests
{
    private const string Thousand = """{"type":"Replace","pattern":{"String":"a"},"content":"C"}""";

    public static TheoryData<string, string, string> Absurd => new()
    {
        {
            Part($$$"""{"type":"Replace","pattern":{"String":"a"},"content":"{{{new string('a', 100_000)}}}"}"""), "$.normalizer.content",
            nameof(Limits.ReplacementLength)
        },
        {
            Part($$$"""{"type":"Prepend","prepend":"{{{new string('a', 100_000)}}}"}"""), "$.normalizer.prepend",
            nameof(Limits.ReplacementLength)
        },
        {
            Part($$$"""{"type":"Replace","pattern":{"String":"{{{new string('a', 100_000)}}}"},"content":""}"""),
            "$.normalizer.pattern.String", nameof(Limits.PatternLength)
        },
        {
            $$$"""{"model":M,"pre_tokenizer":{"type":"Split","pattern":{"Regex":"{{{new string('a', 10_001)}}}"},"behavior":"Isolated","invert":false}}""",
            "$.pre_tokenizer.pattern.Regex", nameof(Limits.PatternLength)
        },
        {
            Part($$$"""{"type":"Replace","pattern":{"Regex":"{{{new string('(', 100)}}}a{{{new string(')', 100)}}}"},"content":""}"""),
            "$.normalizer.pattern.Regex", nameof(Limits.ExpressionDepth)
        },
        {
            Part("""{"type":"Replace","pattern":{"Regex":"(?:a{1000}){20}"},"content":""}"""),
            "$.normalizer.pattern.Regex", nameof(Limits.ExpressionSize)
        },
        {
            $$$"""{"model":{"type":"Unigram","unk_id":0,"vocab":[["u",0],["{{{new string('a', 1_001)}}}",-1]]}}""", "$.model.vocab [1]",
            nameof(Limits.PieceLength)
        },
        {
            $$$"""{"model":{"type":"WordPiece","unk_token":"u","continuing_subword_prefix":"##","max_input_chars_per_word":100,"vocab":{"u":0,"{{{new string('a', 1_001)}}}":1} } }""",
            "$.model.vocab", nameof(Limits.PieceLength)
        },
        {
            $$$"""{"model":{"type":"WordPiece","unk_token":"u","continuing_subword_prefix":"{{{new string('#', 17)}}}","max_input_chars_per_word":100,"vocab":{"u":0} } }""",
            "$.model.continuing_subword_prefix", nameof(Limits.AffixLength)
        },
        {
            """{"model":{"type":"WordLevel","unk_token":"u","vocab":{"u":0,"a":16777217} } }""", "$.model.vocab has the id 16777217",
            nameof(Limits.LargestTokenId)
        },
        {
            """{"model":{"type":"BPE","vocab":{"u":2147483647},"merges":[]} }""", "$.model.vocab has the id 2147483647",
            nameof(Limits.LargestTokenId)
        },
        {
            $$$"""{"model":{"type":"BPE","vocab":{"u":0,"{{{new string('a', 400_000)}}}":16777217},"merges":[]} }""", "$.model.vocab",
            nameof(Limits.LargestTokenId)
        },
        {
            $$$"""{"model":{"type":"BPE","end_of_word_suffix":"{{{new string('#', 17)}}}","vocab":{"u":0},"merges":[]}}""",
            "$.model.end_of_word_suffix", nameof(Limits.AffixLength)
        },
        {
            $$$"""{"model":M,"post_processor":{"type":"TemplateProcessing","single":[{{{Repeat("""{"SpecialToken":{"id":"x","type_id":0}}""", 100)}}}],"pair":[],"special_tokens":{"x":{"id":"x","ids":[{{{Repeat("0", 100)}}}],"tokens":[]} } } }""",
            "$.post_processor.single", nameof(Limits.TemplateTokens)
        },
        {
            $$$"""{"model":M,"post_processor":{"type":"Sequence","processors":[{{{Repeat("""{"type":"BertProcessing","sep":["u",0],"cls":["u",0]}""", 1_000)}}}]}}""",
            "$.post_processor", nameof(Limits.TemplateTokens)
        },
        {
            $$$"""{"model":M,"pre_tokenizer":{"type":"Sequence","pretokenizers":[{{{Repeat("1", 100_000)}}}]}}""", "beside vocabulary",
            nameof(Limits.TokenizerValues)
        },
        {
            $$$"""{"model":M,"normalizer":{"type":"Sequence","normalizers":[{{{Repeat($$$"""{"type":"Replace","pattern":{"Regex":"{{{new string('a', 10_000)}}}"},"content":""}""", 10)}}}]}}""",
            "characters of expressions", nameof(Limits.TokenizerValues)
        },
        {
            $$$"""{"model":M,"pre_tokenizer":{"type":"Split","pattern":{"Regex":"{{{new string('a', 200_000)}}}"},"behavior":"Isolated","invert":false}}""",
            "$.pre_tokenizer.pattern.Regex", nameof(Limits.PatternLength)
        },
        {
            $$$"""{"model":M,"added_tokens":[{{{TokenizerOf.Added(1, new string('a', 10_001))}}}]}""", "added token 'aaa",
            nameof(Limits.AddedTokenLength)
        },
        {
            $$$"""{"model":M,"normalizer":{"type":"Sequence","normalizers":[{{{Repeat($$$"""{"type":"Prepend","prepend":"{{{new string('x', 5_000)}}}"}""", 3)}}}]},"added_tokens":[{{{TokenizerOf.Added(1, "a", normalized: true)}}}]}""",
            "added token 'a'", nameof(Limits.AddedTokenLength)
        },
        {
            $$$"""{"model":M,"added_tokens":[{{{string.Join(',', Enumerable.Range(0, 500).Select(i => TokenizerOf.Added(i, i + new string('a', 9_000))))}}}]}""",
            "4,000,000", nameof(Limits.AddedTokenCharacters)
        },
    };

    [Theory]
    [MemberData(nameof(Absurd), DisableDiscoveryEnumeration = true)]
    public void A_file_that_is_absurd_is_not_supported(string json, string place, string limit)
    {
        var error = Assert.Throws<ColbertException>(() =>
            TokenizerOf.Json(json.Replace("\"model\":M", "\"model\":" + TokenizerOf.Words, StringComparison.Ordinal)));
        Assert.Equal(ColbertErrorId.TokenizerUnsupported, error.Id);
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
        Assert.Contains($"(the limit {limit})", error.Message, StringComparison.Ordinal);
        Assert.Equal("test.json", error.Target);
        Assert.InRange(error.Message.Length, 1, 400);
    }

    [Fact]
    public void An_id_may_be_far_above_the_number_of_pieces()
    {
        Tokenizer tokenizer = TokenizerOf.Json("""{"model":{"type":"WordLevel","unk_token":"u","vocab":{"u":0,"a":1000000} } }""");
        Assert.Equal(1_000_000, tokenizer.TokenToId("a"));
        Assert.Equal("a", tokenizer.IdToToken(1_000_000));
        Assert.Null(tokenizer.IdToToken(1_000_001));
    }

    [Fact]
    public void A_million_added_tokens_are_refused_and_a_hundred_thousand_are_read()
    {
        var error = Assert.Throws<ColbertException>(() => TokenizerOf.Json(Many(250_001)));
        Assert.Equal(ColbertErrorId.TokenizerUnsupported, error.Id);
        Assert.Contains("(the limit AddedTokens)", error.Message, StringComparison.Ordinal);
        byte[] json = System.Text.Encoding.UTF8.GetBytes(Many(100_000));
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        Tokenizer tokenizer = Tokenizer.Parse(json, "many");
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.Equal(100_001, tokenizer.TokenToId("<99999>"));
        Assert.True(allocated < 100_000_000, $"{allocated} bytes");
        var buffer = new TokenBuffer();
        tokenizer.Encode("<5><99998>", buffer, new TokenizeOptions());
        Assert.Equal([7, 100_000], buffer.Ids.ToArray());

        static string Many(int count) =>
            $$$"""{"model":{{{TokenizerOf.Words}}},"added_tokens":[{{{string.Join(',', Enumerable.Range(0, count).Select(i => TokenizerOf.Added(i + 2, $"<{i}>")))}}}]}""";
    }

    public static TheoryData<string> Growing =>
    [
        $$$"""{"type":"Sequence","normalizers":[{{{Repeat(Thousand.Replace("C", new string('a', 1_000), StringComparison.Ordinal), 6)}}}]}""",
        $$$"""{"type":"Replace","pattern":{"String":"a"},"content":"{{{new string('b', 10_000)}}}"}""",
        $$$"""{"type":"Sequence","normalizers":[{{{Repeat($$$"""{"type":"Prepend","prepend":"{{{new string('b', 10_000)}}}"}""", 300)}}}]}""",
    ];

    [Theory]
    [MemberData(nameof(Growing), DisableDiscoveryEnumeration = true)]
    public void A_text_that_normalizers_multiply_is_an_error_of_that_text(string normalizer) =>
        Refuses(TokenizerOf.With($"\"normalizer\":{normalizer}"), new string('a', 400));

    [Fact]
    public void A_text_that_pre_tokenizers_multiply_is_an_error_of_that_text() =>
        Refuses(TokenizerOf.With($$$"""
            "pre_tokenizer":{"type":"Sequence","pretokenizers":[{{{Repeat("""{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false}""", 40)}}}]}
            """), "é");

    [Fact]
    public void Parts_between_added_tokens_grow_together()
    {
        string prepend = $$$"""{"type":"Prepend","prepend":"{{{new string('b', 9_999)}}}"}""";
        Tokenizer tokenizer = TokenizerOf.With($$$"""
            "normalizer":{{{prepend}}},"added_tokens":[{{{TokenizerOf.Added(1, "[M]")}}}]
            """);
        Refuses(tokenizer, string.Concat(Enumerable.Repeat("[M]a", 2_000)));
    }

    private static void Refuses(Tokenizer tokenizer, string text)
    {
        foreach (bool offsets in new[] { false, true })
        {
            var error =
                Assert.Throws<ColbertException>(() => tokenizer.Encode(text, new TokenBuffer(), new TokenizeOptions { Offsets = offsets }));
            Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
            Assert.Contains(
                "(the limits TextGrowth, 1,000 for each, and TextGrowthBase, 1,048,576)", error.Message, StringComparison.Ordinal);
        }

        tokenizer.Encode("", new TokenBuffer(), new TokenizeOptions());
    }

    private static string Part(string normalizer) => $"{{\"model\":M,\"normalizer\":{normalizer}}}";

    private static string Repeat(string json, int count) => string.Join(',', Enumerable.Repeat(json, count));
}
