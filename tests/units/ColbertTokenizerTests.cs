
namespace ColbertOnnx.Tests;

public sealed class ColbertTokenizerTests
{
    private static readonly string Folder = TestData.Path("onnx", "bert-base");

    [Fact]
    public void The_tokenizer_alone_adds_special_tokens_and_neither_prefix_nor_expansion()
    {
        ColbertTokenization fromFolder = ColbertTokenizer.Open(Folder, null).Tokenize("hello world");
        ColbertTokenization fromFile = ColbertTokenizer.Open(Path.Combine(Folder, "tokenizer.json"), null).Tokenize("hello world");
        Assert.Equal("[CLS]", fromFile.Tokens[0]);
        Assert.Equal("[SEP]", fromFile.Tokens[^1]);
        Assert.Equal(fromFile.Ids, fromFolder.Ids);
        Assert.Equal((0, 0), fromFile.Offsets[0]);
        Assert.Equal("hello world", string.Concat(fromFile.Offsets.Select(o => "hello world"[o.Start..o.End])).Insert(5, " "));
        Assert.All(fromFile.AttentionMask, m => Assert.Equal(1, m));
    }

    [Fact]
    public void A_query_is_the_row_that_the_model_gets()
    {
        ColbertTokenization query = ColbertTokenizer.Open(Folder, TextKind.Query).Tokenize("hello");
        Assert.Equal(32, query.Count);
        Assert.Equal("[Q] ", query.Tokens[1]);
        Assert.Equal("[MASK]", query.Tokens[^1]);
        Assert.Equal(0, query.AttentionMask[^1]);
    }

    [Fact]
    public void A_document_says_when_it_was_cut()
    {
        ColbertTokenization document =
            ColbertTokenizer.Open(Folder, TextKind.Document).Tokenize(string.Concat(Enumerable.Repeat("word ", 500)));
        Assert.True(document.IsTruncated);
        Assert.Equal(48, document.Count);
    }

    [Fact]
    public void A_tokenizer_file_does_not_know_how_queries_are_laid_out()
    {
        var error = Assert.Throws<ColbertException>(() => ColbertTokenizer.Open(Path.Combine(Folder, "tokenizer.json"), TextKind.Query));
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(TextKind.Document)]
    public void Half_a_surrogate_pair_is_refused(TextKind? kind)
    {
        var error = Assert.Throws<ColbertException>(() => ColbertTokenizer.Open(Folder, kind).Tokenize("half \ud83d"));
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
    }
}
