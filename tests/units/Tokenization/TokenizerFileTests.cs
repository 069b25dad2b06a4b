using System.Text;
using System.Text.Json.Nodes;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Tests.Tokenization;

/// <summary>What a file may not say, and where the error finds it.</summary>
public sealed class TokenizerFileTests
{
    private const string Model = """{"type":"WordLevel","unk_token":"u","vocab":{"u":0,"a":1}}""";

    [Theory]
    [InlineData("""{"model":M,"normalizer":{"type":"Shout"}}""", "$.normalizer.type")]
    [InlineData(
        """{"model":M,"pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Whitespace"},{"type":"Shout"}]}}""",
        "$.pre_tokenizer.pretokenizers[1].type")]
    [InlineData(
        """{"model":M,"post_processor":{"type":"Sequence","processors":[{"type":"Shout"}]}}""", "$.post_processor.processors[0].type")]
    [InlineData("""{"model":{"type":"Shout","vocab":{}}}""", "$.model.type")]
    [InlineData("""{"model":M,"normalizer":{"type":"Lowercase","language":"tr"}}""", "$.normalizer.language")]
    [InlineData(
        """{"model":M,"normalizer":{"type":"Sequence","normalizers":[{"type":"Replace","pattern":{"Glob":"*"},"content":""}]}}""",
        "$.normalizer.normalizers[0].pattern.Glob")]
    [InlineData(
        """{"model":M,"pre_tokenizer":{"type":"Split","pattern":{"Regex":"(a)\\1"},"behavior":"Isolated","invert":false}}""",
        "$.pre_tokenizer.pattern.Regex")]
    [InlineData("""{"model":M,"pre_tokenizer":{"type":"Punctuation","behavior":"Doubled"}}""", "$.pre_tokenizer.behavior")]
    [InlineData("""{"model":M,"more":1}""", "$.more")]
    [InlineData("""{"model":{"type":"WordLevel","unk_token":"u","vocab":{"u":0},"scores":[]}}""", "$.model.scores")]
    [InlineData("""{"model":{"type":"BPE","dropout":0.1,"vocab":{"a":0},"merges":[]}}""", "$.model.dropout")]
    [InlineData("""{"version":"2.0","model":M}""", "$.version")]
    [InlineData(
        """{"model":M,"added_tokens":[{"id":0,"content":"x","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true,"loud":true}]}""",
        "$.added_tokens[0].loud")]
    [InlineData(
        """{"model":M,"padding":{"strategy":"Longest","direction":"Right","pad_id":0,"pad_type_id":0,"pad_token":"p"}}""",
        "$.padding.strategy")]
    [InlineData("""{"model":M,"normalizer":{"strip_left":true,"strip_right":true}}""", "$.normalizer")]
    [InlineData("""{"model":M,"pre_tokenizer":{"type":"Delimiter","delimiter":"a"}}""", "$.pre_tokenizer.type")]
    [InlineData(
        """{"model":M,"pre_tokenizer":{"type":"Split","pattern":{"String":"a"},"behavior":"isolated","invert":false}}""",
        "$.pre_tokenizer.behavior")]
    [InlineData("""{"model":M,"post_processor":{"cls":["a",1],"sep":["u",0]}}""", "$.post_processor")]
    [InlineData(
        """{"model":M,"truncation":{"direction":"Right","max_length":3,"strategy":"longest_first","stride":0}}""", "$.truncation.strategy")]
    [InlineData("""{"version":"0.9","model":M}""", "$.version")]
    [InlineData(
        """{"model":M,"pre_tokenizer":{"type":"Split","pattern":{"Regex":"("},"behavior":"Isolated","invert":false}}""",
        "$.pre_tokenizer.pattern.Regex")]
    public void What_is_not_known_is_named_with_its_place(string json, string path) =>
        Check(json, ColbertErrorId.TokenizerUnsupported, path);

    [Theory]
    [InlineData("""{"model":M""", "JSON")]
    [InlineData("", "JSON")]
    [InlineData("""{"model":M} x""", "JSON")]
    [InlineData("[]", "$ ")]
    [InlineData("{}", "'model'")]
    [InlineData("""{"model":M,"normalizer":{"type":"Strip","strip_left":1,"strip_right":true}}""", "$.normalizer.strip_left")]
    [InlineData("""{"model":M,"normalizer":{"type":"BertNormalizer"}}""", "'clean_text'")]
    [InlineData("""{"model":{"type":"WordLevel","unk_token":"u","vocab":{"u":"0"}}}""", "$.model.vocab")]
    [InlineData("""{"model":{"type":"WordLevel","unk_token":"u","vocab":{"u":-1}}}""", "$.model.vocab")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0,"b":1},"merges":[["a","b"]]}}""", "$.model.merges [0]")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0,"ab":1},"merges":["a b"]}}""", "$.model.merges [0]")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0,"aa":1},"merges":["a a","a"]}}""", "$.model.merges [1]")]
    [InlineData("""{"model":{"type":"Unigram","unk_id":2,"vocab":[["a",0.0],["b",-1.0]]}}""", "$.model.unk_id")]
    [InlineData("""{"model":{"type":"Unigram","vocab":[["a"]]}}""", "$.model.vocab")]
    [InlineData("""{"model":M,"pre_tokenizer":{"type":"Metaspace","replacement":"__"}}""", "$.pre_tokenizer.replacement")]
    [InlineData(
        """{"model":M,"pre_tokenizer":{"type":"Metaspace","replacement":"_","add_prefix_space":false}}""",
        "$.pre_tokenizer.add_prefix_space")]
    [InlineData("""{"model":M,"pre_tokenizer":{"type":"FixedLength","length":0}}""", "$.pre_tokenizer.length")]
    [InlineData("""{"model":M,"normalizer":{"type":"Precompiled","precompiled_charsmap":"!"}}""", "$.normalizer.precompiled_charsmap")]
    [InlineData(
        """{"model":M,"post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"x","type_id":0}}],"pair":[],"special_tokens":{}}}""",
        "$.post_processor.single[0].SpecialToken")]
    [InlineData(
        """{"model":M,"post_processor":{"type":"TemplateProcessing","single":[{"Sequence":{"id":"B","type_id":0}}],"pair":[],"special_tokens":{}}}""",
        "$.post_processor")]
    [InlineData("""{"model":M,"model":M}""", "$.model is there twice")]
    [InlineData("""{"model":M,"normalizer":{"type":"Lowercase","type":"NFC"}}""", "$.normalizer.type is there twice")]
    [InlineData("""{"model":M,"normalizer":[]}""", "$.normalizer must be an object")]
    [InlineData("""{"model":M,"pre_tokenizer":"Whitespace"}""", "$.pre_tokenizer must be an object")]
    [InlineData(
        """{"model":M,"pre_tokenizer":{"type":"Split","pattern":{"String":"a","Regex":"b"},"behavior":"Isolated","invert":false}}""",
        "$.pre_tokenizer.pattern")]
    [InlineData(
        """{"model":M,"added_tokens":[{"id":"6","content":"x","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}]}""",
        "$.added_tokens[0].id")]
    [InlineData("""{"model":M,"added_tokens":["x"]}""", "$.added_tokens[0] must be an object")]
    [InlineData("""{"model":{"type":"Unigram","unk_id":0,"vocab":[["a",1e999]]}}""", "$.model.vocab [0]")]
    [InlineData("""{"model":{"type":"WordLevel","unk_token":"u","vocab":["u"]}}""", "$.model.vocab must be an object")]
    [InlineData("""{"model":{"type":"WordLevel","unk_token":null,"vocab":{"u":0}}}""", "lacks 'unk_token'")]
    [InlineData("""{"model":null}""", "lacks 'model'")]
    [InlineData("""{"model":M,"normalizer":{"type":"Replace","pattern":{"String":"a"},"content":"\ud800"}}""", "JSON")]
    [InlineData(
        """{"model":M,"padding":{"strategy":{"Fixed":"9"},"direction":"Right","pad_id":0,"pad_type_id":0,"pad_token":"p"}}""",
        "$.padding.strategy.Fixed")]
    [InlineData(
        """{"model":M,"post_processor":{"type":"TemplateProcessing","single":"[CLS] $A","pair":[],"special_tokens":{}}}""",
        "$.post_processor.single must be an array")]
    public void What_is_broken_is_named_with_its_place(string json, string path) => Check(json, ColbertErrorId.TokenizerInvalid, path);

    [Fact]
    public void A_file_that_cannot_be_read_is_named() =>
        Assert.Equal(
            ColbertErrorId.TokenizerInvalid,
            Assert.Throws<ColbertException>(() => Tokenizer.Load(Path.Combine(Path.GetTempPath(), "no", "tokenizer.json"))).Id);

    [Fact]
    public void Every_cut_off_file_is_an_error_of_ours()
    {
        byte[] whole = File.ReadAllBytes(TestData.Path("tokenizers", "added-bert", "tokenizer.json"));
        for (int length = 0; length < whole.Length - 1; length += 37)
            Assert.Equal(
                ColbertErrorId.TokenizerInvalid,
                Assert.Throws<ColbertException>(() => Tokenizer.Parse(whole.AsMemory(0, length), "cut")).Id);
    }

    [Fact]
    public void A_word_without_any_id_is_an_error()
    {
        Tokenizer tokenizer =
            Parse("""{"model":{"type":"WordLevel","unk_token":"?","vocab":{"a":0}},"pre_tokenizer":{"type":"WhitespaceSplit"}}""");
        Assert.Null(tokenizer.UnknownTokenId);
        Assert.Equal(
            ColbertErrorId.TokenizerInvalid,
            Assert.Throws<ColbertException>(() => tokenizer.Encode("a b", new TokenBuffer(), new TokenizeOptions())).Id);
    }

    [Fact]
    public void The_model_of_the_first_versions_is_known_by_its_fields()
    {
        JsonNode file = JsonNode.Parse(File.ReadAllBytes(TestData.Path("tokenizers", "whole-bert-uncased", "tokenizer.json")))!;
        TokenBuffer typed = new(), untyped = new();
        Parse(file.ToJsonString()).Encode("Hello world", typed, new TokenizeOptions());
        file["model"]!.AsObject().Remove("type");
        Parse(file.ToJsonString()).Encode("Hello world", untyped, new TokenizeOptions());
        Assert.Equal(typed.Ids.ToArray(), untyped.Ids.ToArray());
    }

    [Fact]
    public void Normalizers_inside_each_other_are_read_as_deep_as_the_original_reads_them()
    {
        string deep = string.Concat(Enumerable.Repeat("""{"type":"Sequence","normalizers":[""", 60)) + """{"type":"Lowercase"}"""
            + string.Concat(Enumerable.Repeat("]}", 60));
        var buffer = new TokenBuffer();
        Parse($$"""{"model":M,"normalizer":{{deep}}}""").Encode("A", buffer, new TokenizeOptions());
        Assert.Equal([1], buffer.Ids.ToArray());
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_file() =>
        Assert.Equal(
            1,
            Tokenizer.Parse((byte[])[.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes("""{"model":M}""".Replace("M", Model))], "bom")
                .TokenToId("a"));

    private static void Check(string json, ColbertErrorId id, string path)
    {
        var error = Assert.Throws<ColbertException>(() => Parse(json));
        Assert.Equal(id, error.Id);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Equal("test.json", error.Target);
        Assert.NotEmpty(error.Action!);
    }

    private static Tokenizer Parse(string json) =>
        Tokenizer.Parse(Encoding.UTF8.GetBytes(json.Replace("\"model\":M", "\"model\":" + Model, StringComparison.Ordinal)), "test.json");
}
