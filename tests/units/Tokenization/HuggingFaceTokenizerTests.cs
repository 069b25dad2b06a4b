using System.Buffers;
using System.Text;
using ColbertOnnx.Tokenization;
using Microsoft.ML.Tokenizers;
using Base = Microsoft.ML.Tokenizers.Tokenizer;
using Own = ColbertOnnx.Tokenization.Tokenizer;

namespace ColbertOnnx.Tests.Tokenization;

/// <summary>The tokenizer as other .NET code sees it.</summary>
public sealed class HuggingFaceTokenizerTests(ITestOutputHelper output)
{
    public static TheoryData<string> Published =>
        [
            .. TokenizerCase.Folders.Where(folder =>
                folder.StartsWith("whole-", StringComparison.Ordinal) || folder.StartsWith("real-", StringComparison.Ordinal)),
        ];

    private static string FileOf(string folder) => TestData.Path("tokenizers", folder, "tokenizer.json");

    [Theory]
    [MemberData(nameof(Published))]
    public void Ids_offsets_and_counts_are_those_of_the_original(string folder)
    {
        Base tokenizer = HuggingFaceTokenizer.Create(FileOf(folder));
        using FileStream stream = File.OpenRead(FileOf(folder));
        Base bare = HuggingFaceTokenizer.Create(stream, addSpecialTokens: false);
        foreach (TokenizerCase text in TokenizerCase.Read(folder))
        {
            Assert.Equal(text.Ids, tokenizer.EncodeToIds(text.Text));
            Assert.Equal(text.Ids, tokenizer.EncodeToIds(text.Text.AsSpan()));
            Assert.Equal(text.Ids.Length, tokenizer.CountTokens(text.Text));
            IReadOnlyList<EncodedToken> tokens = tokenizer.EncodeToTokens(text.Text, out string? normalized);
            Assert.Null(normalized);
            Assert.Equal(text.Ids, tokens.Select(token => token.Id));
            Assert.Equal(text.Utf16Offsets(), tokens.Select(token => (token.Offset.Start.Value, token.Offset.End.Value)));
            if (text.BareIds is not null) Assert.Equal(text.BareIds, bare.EncodeToIds(text.Text));
        }
    }

    [Theory]
    [MemberData(nameof(Published))]
    public void A_limit_gives_the_first_ids_and_the_characters_that_they_cover(string folder)
    {
        HuggingFaceTokenizer whole = HuggingFaceTokenizer.Create(FileOf(folder)),
            bare = HuggingFaceTokenizer.Create(FileOf(folder), addSpecialTokens: false);
        Own own = Own.Load(FileOf(folder));
        int special = own.SpecialTokenCount;
        var buffer = new TokenBuffer();
        foreach (string text in Texts(folder))
        {
            IReadOnlyList<int> all = bare.EncodeToIds(text);
            foreach (int limit in new[] { 1, 2, 3, 7, 16, 40, 1000 })
            {
                IReadOnlyList<int> ids = bare.EncodeToIds(text, limit, out string? normalized, out int consumed);
                Assert.Null(normalized);
                Assert.Equal(all.Take(limit), ids);
                if (limit >= all.Count) Assert.Equal(text.Length, consumed);
                Assert.False(consumed > 0 && consumed < text.Length && char.IsLowSurrogate(text[consumed]));
                Assert.Equal(Math.Min(limit, all.Count), bare.EncodeToIds(text, limit, out _, out _).Count);

                ids = whole.EncodeToIds(text, limit, out _, out _);
                Assert.True(ids.Count <= limit);
                if (limit < special) continue;
                own.Encode(text, buffer, new TokenizeOptions { MaxLength = limit });
                Assert.Equal(buffer.Ids.ToArray(), ids);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Published))]
    public void An_index_cuts_off_a_part_that_has_the_tokens_that_it_says(string folder)
    {
        int exact = 0, count = 0;
        foreach (bool special in new[] { false, true })
        {
            Base tokenizer = HuggingFaceTokenizer.Create(FileOf(folder), special);
            foreach (string text in Texts(folder))
            {
                int all = tokenizer.CountTokens(text), least = tokenizer.CountTokens("");
                foreach (int limit in new[] { 1, 2, 3, 7, 16, 40, 1000 })
                {
                    int end = tokenizer.GetIndexByTokenCount(text, limit, out string? normalized, out int tokens);
                    Assert.Null(normalized);
                    Check(text[..end], limit, tokens, tokenizer, least);
                    int start = tokenizer.GetIndexByTokenCountFromEnd(text, limit, out normalized, out int tokensOfEnd);
                    Assert.Null(normalized);
                    Check(text[start..], limit, tokensOfEnd, tokenizer, least);
                    if (all <= limit) Assert.Equal((text.Length, 0), (end, start));
                    if (all > limit && limit > least) exact += (tokens == limit ? 1 : 0) + (tokensOfEnd == limit ? 1 : 0);
                    if (all > limit && limit > least) count += 2;
                }
            }
        }

        output.WriteLine($"{folder}: {exact} of {count} parts have as many tokens as the limit");
        Assert.True(exact * 4 > count, $"{exact} of {count}");

        static void Check(string part, int limit, int tokens, Base tokenizer, int least)
        {
            Assert.Equal(limit < least && part.Length == 0 ? 0 : tokenizer.CountTokens(part), tokens);
            Assert.True(tokens <= limit);
            Assert.False(part.Length > 0 && (char.IsLowSurrogate(part[0]) || char.IsHighSurrogate(part[^1])));
        }
    }

    [Fact]
    public void A_character_of_several_tokens_is_not_divided()
    {
        Base tokenizer = HuggingFaceTokenizer.Create(FileOf("whole-roberta"), addSpecialTokens: false);
        string text = "a" + string.Concat(Enumerable.Repeat("\U0001F9FF", 5));
        int all = tokenizer.CountTokens(text);
        Assert.True(all > 6);
        for (int limit = 1; limit < all; limit++)
        {
            int end = tokenizer.GetIndexByTokenCount(text, limit, out _, out _),
                start = tokenizer.GetIndexByTokenCountFromEnd(text, limit, out _, out _);
            _ = tokenizer.EncodeToIds(text, limit, out _, out int consumed);
            foreach (int index in new[] { end, start, consumed }) Assert.False(index < text.Length && char.IsLowSurrogate(text[index]));
        }
    }

    [Theory]
    [InlineData("whole-bert-uncased", """{"type":"WordPiece","prefix":"##","cleanup":true}""")]
    [InlineData("whole-roberta", """{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true}""")]
    [InlineData("whole-xlmr", """{"type":"Metaspace","replacement":"▁","prepend_scheme":"always"}""")]
    public void Ids_are_decoded_into_a_span_as_far_as_it_reaches(string folder, string decoder)
    {
        Base tokenizer = Create(folder, decoder);
        var own = (HuggingFaceTokenizer)tokenizer;
        IReadOnlyList<int> ids = tokenizer.EncodeToIds("The quick brown fox jumps over the lazy dog, again and again.");
        string text = tokenizer.Decode(ids)!;
        Assert.Equal(own.Decode(ids, skipSpecialTokens: true), text);
        Assert.True(text.Length < own.Decode(ids, skipSpecialTokens: false).Length);
        for (int size = 0; size <= text.Length + 3; size++)
        {
            var destination = new char[size];
            OperationStatus status = tokenizer.Decode(ids, destination, out int consumed, out int written);
            Assert.Equal(size >= text.Length ? OperationStatus.Done : OperationStatus.DestinationTooSmall, status);
            Assert.Equal(text[..written], new string(destination, 0, written));
            Assert.Equal(tokenizer.Decode(ids.Take(consumed)), text[..written]);
            if (status == OperationStatus.Done) Assert.Equal(ids.Count, consumed);
        }
    }

    [Fact]
    public void Normalizer_and_pre_tokenizer_can_be_left_out()
    {
        Base tokenizer = HuggingFaceTokenizer.Create(FileOf("whole-bert-uncased"), addSpecialTokens: false);
        Assert.Equal(tokenizer.EncodeToIds("the"), tokenizer.EncodeToIds("THE"));
        Assert.NotEqual(tokenizer.EncodeToIds("THE"), tokenizer.EncodeToIds("THE", considerNormalization: false));
        Assert.Single(tokenizer.EncodeToIds("the the", considerPreTokenization: false));
        Assert.Equal(2, tokenizer.EncodeToIds("the the").Count);
    }

    [Fact]
    public void A_file_that_is_no_tokenizer_is_an_error_of_ours()
    {
        Assert.Equal(
            ColbertErrorId.TokenizerInvalid,
            Assert.Throws<ColbertException>(() => HuggingFaceTokenizer.Create(new MemoryStream("{}"u8.ToArray()))).Id);
        Assert.Equal(
            ColbertErrorId.TokenizerInvalid,
            Assert.Throws<ColbertException>(() =>
                HuggingFaceTokenizer.Create(Path.Combine(Path.GetTempPath(), "no", "tokenizer.json"))).Id);
        Assert.Equal(
            ColbertErrorId.TokenizerUnsupported,
            Assert.Throws<ColbertException>(() => Create("whole-bert-cased", """{"type":"Shout"}""")).Id);
    }

    private static HuggingFaceTokenizer Create(string folder, string decoder)
    {
        System.Text.Json.Nodes.JsonNode file = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllBytes(FileOf(folder)))!;
        file["decoder"] = System.Text.Json.Nodes.JsonNode.Parse(decoder);
        return HuggingFaceTokenizer.Create(new MemoryStream(Encoding.UTF8.GetBytes(file.ToJsonString())));
    }

    private static IEnumerable<string> Texts(string folder)
    {
        string[] all = [.. TokenizerCase.Read(folder).Select(text => text.Text)];
        return all.Where((_, i) => i % (all.Length / 50) == 0).Append(string.Join(' ', all.Take(20)));
    }
}
