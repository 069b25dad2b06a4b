using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Tests.Tokenization;

public sealed class WordCacheTests
{
    [Fact]
    public void A_word_is_kept_when_it_comes_again_for_the_tokenizer_that_made_its_tokens()
    {
        var cache = new WordCache();
        var tokens = new TokenList();
        const string Word = "embedding";
        uint hash = WordCache.HashOf(Word);
        Assert.False(cache.TryAdd(1, hash, Word, 0, tokens));
        TokenList.Token[] made = [new(7, 40, 45, false), new(8, 45, 49, true)];
        cache.Store(1, hash, Word, 40, made);
        Assert.False(cache.TryAdd(1, hash, Word, 0, tokens));
        cache.Store(1, hash, Word, 40, made);
        Assert.False(cache.TryAdd(2, hash, Word, 0, tokens));
        Assert.False(cache.TryAdd(1, hash, "embeddinG", 0, tokens));
        Assert.True(cache.TryAdd(1, hash, Word, 100, tokens));
        Assert.Equal([new(7, 100, 105, false), new(8, 105, 109, true)], tokens.Tokens.ToArray());
    }

    [Fact]
    public void Words_of_every_length_have_a_hash_of_all_their_characters()
    {
        for (int length = WordCache.LeastLength; length <= WordCache.MostLength; length++)
        {
            string word = new('a', length);
            var hashes = new HashSet<uint> { WordCache.HashOf(word) };
            for (int i = 0; i < length; i++) hashes.Add(WordCache.HashOf(word[..i] + "b" + word[(i + 1)..]));
            Assert.Equal(length + 1, hashes.Count);
        }
    }

    [Theory]
    [InlineData("whole-bert-uncased")]
    [InlineData("whole-roberta")]
    [InlineData("whole-xlmr")]
    [InlineData("model-unigram-fallback1")]
    public void A_text_has_the_same_tokens_each_time(string folder)
    {
        Tokenizer tokenizer = Tokenizer.Load(TestData.Path("tokenizers", folder, "tokenizer.json")),
            other = Tokenizer.Load(TestData.Path("tokenizers", "whole-t5", "tokenizer.json"));
        var buffer = new TokenBuffer();
        for (int round = 0; round < 3; round++)
        {
            foreach (TokenizerCase text in TokenizerCase.Read(folder))
            {
                other.Encode(text.Text, buffer, new TokenizeOptions());
                tokenizer.Encode(text.Text, buffer, new TokenizeOptions { Offsets = true });
                Assert.Equal(text.Ids, buffer.Ids.ToArray());
                Assert.Equal(text.Utf16Offsets(), buffer.Offsets.ToArray());
            }
        }
    }
}
