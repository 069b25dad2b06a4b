using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Tests.Tokenization;

public sealed class AddedTokenTests
{
    private readonly TokenBuffer buffer = new();

    private static Tokenizer Uncased => Tokenizer.Load(TestData.Path("tokenizers", "whole-bert-uncased", "tokenizer.json"));

    [Fact]
    public void A_new_token_gets_the_next_id_and_the_old_tokenizer_does_not_know_it()
    {
        Tokenizer before = Uncased, after = before.WithAddedTokens("[X] ", "[Y] ");
        int first = Enumerable.Range(0, 100_000).First(id => before.IdToToken(id) is null);
        Assert.Equal(first, after.TokenToId("[X] "));
        Assert.Equal(first + 1, after.TokenToId("[Y] "));
        Assert.Equal("[Y] ", after.IdToToken(first + 1));
        Assert.Null(before.TokenToId("[X] "));
        Assert.Equal(first + 2, after.WithAddedTokens("[E] ").TokenToId("[E] "));
    }

    [Theory]
    [InlineData("a [X] b", true)]
    [InlineData("a [x] b", true)]
    [InlineData("x[X] y", true)]
    [InlineData("a [X]b", false)]
    public void Its_pattern_goes_through_the_normalizer(string text, bool isFound)
    {
        Tokenizer tokenizer = Uncased.WithAddedTokens("[X] ");
        tokenizer.Encode(text, buffer, new TokenizeOptions());
        Assert.Equal(isFound, buffer.Ids.Contains(tokenizer.TokenToId("[X] ")!.Value));
    }

    [Fact]
    public void A_word_of_the_vocabulary_keeps_its_id_and_is_found_inside_words()
    {
        Tokenizer tokenizer = Uncased;
        int id = tokenizer.TokenToId("the")!.Value;
        Tokenizer added = tokenizer.WithAddedTokens("the");
        Assert.Equal(id, added.TokenToId("the"));
        added.Encode("xthex", buffer, new TokenizeOptions { AddSpecialTokens = false, Offsets = true });
        int at = buffer.Ids.IndexOf(id);
        Assert.Equal((1, 4), buffer.Offsets[at]);
    }

    [Fact]
    public void Offsets_of_the_text_before_do_not_stay()
    {
        Uncased.Encode("one two", buffer, new TokenizeOptions { Offsets = true });
        Assert.Equal(buffer.Count, buffer.Offsets.Length);
        Uncased.Encode("one two", buffer, new TokenizeOptions());
        Assert.True(buffer.Offsets.IsEmpty);
    }

    [Fact]
    public void Adding_nothing_new_changes_nothing()
    {
        Tokenizer once = Uncased.WithAddedTokens("[X] "), twice = once.WithAddedTokens("[X] ", "");
        Assert.Equal(once.TokenToId("[X] "), twice.TokenToId("[X] "));
        Assert.Null(twice.TokenToId(""));
    }

    // Answers of tokenizers 0.23.2.
    [Theory]
    [InlineData(true, false, "3 3 1 3 3 3 2", "0-1 1-2 2-3 3-4 4-5 5-6 6-7")]
    [InlineData(false, true, "3 3 1 3 3 3 2", "0-2 1-2 2-3 3-6 4-6 5-6 6-7")]
    [InlineData(true, true, "3 1 3 2", "0-2 2-3 3-6 6-7")]
    public void Whitespace_belongs_to_every_token_that_takes_it(bool left, bool right, string ids, string offsets)
    {
        Tokenizer tokenizer = Blanks(left, right);
        tokenizer.Encode("  a   b", buffer, new TokenizeOptions { Offsets = true });
        Assert.Equal(ids, string.Join(' ', buffer.Ids.ToArray()));
        Assert.Equal(offsets, string.Join(' ', buffer.Offsets.ToArray().Select(o => $"{o.Start}-{o.End}")));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Whitespace_that_every_token_takes_is_not_copied_for_each(bool left, bool right)
    {
        Tokenizer tokenizer = Blanks(left, right);
        string text = new(' ', 20_000);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        tokenizer.Encode(text, buffer, new TokenizeOptions { Offsets = true });
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.Equal(left && right ? 1 : 20_000, buffer.Count);
        // Copies would be 400 MB.
        Assert.True(allocated < 40_000_000, $"{allocated} bytes");
    }

    private static Tokenizer Blanks(bool left, bool right) => Tokenizer.Parse(
        System.Text.Encoding.UTF8.GetBytes($$$"""
            {"model":{"type":"WordLevel","unk_token":"u","vocab":{"u":0,"a":1,"b":2}},"pre_tokenizer":{"type":"Metaspace","replacement":"_","prepend_scheme":"never","split":true},
            "added_tokens":[{"id":3,"content":" ","single_word":false,"lstrip":{{{(left ? "true" : "false")}}},"rstrip":{{{(right ? "true" : "false")}}},"normalized":false,"special":false}]}
            """), "blanks");

    [Fact]
    public void Lone_surrogates_become_the_replacement_character_and_keep_their_offsets()
    {
        Tokenizer tokenizer = Tokenizer.Load(TestData.Path("tokenizers", "whole-roberta", "tokenizer.json"));
        var expected = new TokenBuffer();
        foreach (string lone in new[] { "\uD83D", "\uDE00", "\uDE00\uD83D", "a\uD83Db", "\uD83D\uD83D\uDE00" })
        {
            string replaced = lone == "\uD83D\uD83D\uDE00"
                ? "\uFFFD\uD83D\uDE00"
                : string.Concat(lone.Select(c => char.IsSurrogate(c) ? '\uFFFD' : c));
            tokenizer.Encode(lone, buffer, new TokenizeOptions { Offsets = true });
            tokenizer.Encode(replaced, expected, new TokenizeOptions { Offsets = true });
            Assert.Equal(expected.Ids.ToArray(), buffer.Ids.ToArray());
            Assert.Equal(expected.Offsets.ToArray(), buffer.Offsets.ToArray());
        }
    }
}
