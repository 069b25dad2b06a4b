using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Tests.Tokenization;

/// <summary>Ids become the text that the original makes of them, for every decoder of the format (tests/data/decoders).</summary>
public sealed class DecoderTests(OracleRun run, ITestOutputHelper output) : IClassFixture<OracleRun>
{
    private static readonly JsonArray Kinds = JsonNode.Parse(File.ReadAllText(TestData.Path("decoders", "decoders.json")))!.AsArray();
    private static readonly JsonElement Answers = ReadAnswers();

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Kinds.Count)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Recorded_ids_give_the_original_s_text(int number)
    {
        Tokenizer tokenizer = Open(number, out _);
        int texts = 0;
        foreach (JsonElement entry in Answers[number].EnumerateArray())
        {
            int[] ids = [.. entry[0].EnumerateArray().Select(id => id.GetInt32())];
            Assert.Equal(entry[1].GetString(), tokenizer.Decode(ids, skipSpecialTokens: true));
            Assert.Equal(entry[2].GetString(), tokenizer.Decode(ids, skipSpecialTokens: false));
            texts++;
        }

        Assert.Equal(29, texts);
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Random_ids_and_those_of_all_texts_give_the_original_s_text(int number)
    {
        run.Say($"decoders over the ids of all recorded texts and random ids, {Kinds.Count} kinds");
        if (run.Oracle is null)
        {
            Recorded_ids_give_the_original_s_text(number);
            return;
        }

        Tokenizer tokenizer = Open(number, out string json);
        run.Oracle.OpenText(json);
        var random = new Random(run.Seed ^ number);
        int size = Enumerable.Range(0, 100_000).Last(id => tokenizer.IdToToken(id) is not null) + 3;
        IEnumerable<int[]> texts = TokenizerCase.Read((string)Kinds[number]!["folder"]!).Select(text => text.Ids).Take(150);
        IEnumerable<int[]> drawn = Enumerable.Range(0, 150)
            .Select(_ =>
                Enumerable.Range(0, random.Next(40)).SelectMany(_ => Enumerable.Repeat(random.Next(size), 1 + random.Next(2))).ToArray());
        int count = 0;
        foreach (int[] ids in texts.Concat(drawn))
        {
            foreach (bool skip in new[] { true, false })
            {
                string expected = run.Oracle.Decode(ids, skip), actual = tokenizer.Decode(ids, skip);
                Assert.True(
                    expected == actual,
                    $"[{string.Join(' ', ids)}] {skip}: original {JsonSerializer.Serialize(expected)}, here "
                        + $"{JsonSerializer.Serialize(actual)} (COLBERT_TEST_SEED={run.Seed})");
                count++;
            }
        }

        output.WriteLine($"{count} texts");
    }

    [Fact]
    public void Strip_takes_off_a_token_what_is_there_and_no_more() =>
        Assert.Equal("", TokenizerOf.With(""" "decoder":{"type":"Strip","content":"a","start":3,"stop":3} """).Decode([1]));

    [Fact]
    public void A_decoder_that_is_not_known_is_refused_when_it_is_needed()
    {
        Tokenizer tokenizer = TokenizerOf.With(""" "decoder":{"type":"Shout"} """);
        var buffer = new TokenBuffer();
        tokenizer.Encode("a", buffer, new TokenizeOptions());
        Assert.Equal([1], buffer.Ids.ToArray());
        var error = Assert.Throws<ColbertException>(() => tokenizer.Decode([1]));
        Assert.Equal(ColbertErrorId.TokenizerUnsupported, error.Id);
        Assert.Contains("$.decoder.type", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"WordPiece","prefix":"##"}""")]
    [InlineData("""{"type":"Strip","content":"ab","start":1,"stop":1}""")]
    [InlineData("""{"type":"CTC","pad_token":"p","cleanup":true}""")]
    [InlineData("""{"type":"Sequence"}""")]
    public void A_decoder_that_is_broken_is_named(string decoder) =>
        Assert.Equal(
            ColbertErrorId.TokenizerInvalid,
            Assert.Throws<ColbertException>(() => TokenizerOf.With($"\"decoder\":{decoder}").Decode([1])).Id);

    [Fact]
    public void A_decoder_that_multiplies_a_text_is_an_error()
    {
        string replace = $"{{\"type\":\"Replace\",\"pattern\":{{\"String\":\"a\"}},\"content\":\"{new string('a', 9_000)}\"}}";
        Tokenizer tokenizer = TokenizerOf.With($"\"decoder\":{{\"type\":\"Sequence\",\"decoders\":[{replace},{replace},{replace}]}}");
        var error = Assert.Throws<ColbertException>(() => tokenizer.Decode([1, 1, 1]));
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Assert.Throws<OperationCanceledException>(() => tokenizer.Decode([1], cancellation: stopped.Token));
    }

    private static Tokenizer Open(int number, out string json)
    {
        JsonNode file = JsonNode.Parse(File.ReadAllBytes(TestData.Path(
            "tokenizers", (string)Kinds[number]!["folder"]!, "tokenizer.json")))!;
        file["decoder"] = Kinds[number]!["decoder"]?.DeepClone();
        json = file.ToJsonString();
        return Tokenizer.Parse(Encoding.UTF8.GetBytes(json), "decoder");
    }

    private static JsonElement ReadAnswers()
    {
        using var file = new GZipStream(File.OpenRead(TestData.Path("decoders", "cases.json.gz")), CompressionMode.Decompress);
        return JsonDocument.Parse(file).RootElement;
    }
}
