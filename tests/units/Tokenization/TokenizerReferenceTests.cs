using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Tests.Tokenization;

public sealed class TokenizerReferenceTests(ITestOutputHelper output)
{
    public static TheoryData<string> Folders => [.. TokenizerCase.Folders];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Every_text_gets_the_ids_and_offsets_of_the_original(string folder)
    {
        Tokenizer tokenizer = Tokenizer.Load(TestData.Path("tokenizers", folder, "tokenizer.json"));
        List<TokenizerCase> cases = TokenizerCase.Read(folder);
        var buffer = new TokenBuffer();
        int tokens = 0, limits = 0, blocks = 0;
        foreach (TokenizerCase expected in cases)
        {
            tokenizer.Encode(expected.Text, buffer, new TokenizeOptions { Offsets = true });
            Check(expected, "ids", expected.Ids, buffer.Ids);
            Check(expected, "offsets", expected.Utf16Offsets(), buffer.Offsets);
            Check(expected, "type ids", expected.TypeIds ?? new int[expected.Ids.Length], buffer.TypeIds);
            tokens += buffer.Count;

            tokenizer.Encode(expected.Text, buffer, new TokenizeOptions());
            Check(expected, "ids without offsets", expected.Ids, buffer.Ids);

            if (expected.BareIds is not null)
            {
                tokenizer.Encode(expected.Text, buffer, new TokenizeOptions { AddSpecialTokens = false });
                Check(expected, "ids without special tokens", expected.BareIds, buffer.Ids);
            }

            foreach ((string limit, int[] ids) in expected.Limited ?? [])
            {
                TokenSide side = limit.EndsWith("left", StringComparison.Ordinal) ? TokenSide.Left : TokenSide.Right;
                int length = int.Parse(limit.Split(' ')[0]);
                tokenizer.Encode(expected.Text, buffer, new TokenizeOptions { MaxLength = length, TruncationSide = side });
                Check(expected, limit, ids, buffer.Ids);
                Assert.Equal(ids.Length < expected.Ids.Length, buffer.IsTruncated);
                limits++;
            }

            if (expected.BlockIds is not null)
            {
                Check<int>(expected, "blocks", expected.BlockIds, WithBlocks(tokenizer, expected.Text, buffer));
                blocks++;
            }
        }

        output.WriteLine($"{folder}: {cases.Count} texts, {tokens} tokens, {limits} limits, {blocks} with blocks");
        Assert.NotEmpty(cases);
    }

    [Fact]
    public void All_reference_texts_are_there()
    {
        int folders = TokenizerCase.Folders.Count(), texts = TokenizerCase.Folders.Sum(folder => TokenizerCase.Read(folder).Count);
        output.WriteLine($"{folders} files, {texts} texts");
        Assert.Equal((159, 26_863), (folders, texts));
    }

    // The original with the file's own truncation and padding active.
    private static int[] WithBlocks(Tokenizer tokenizer, string text, TokenBuffer buffer)
    {
        tokenizer.Encode(
            text, buffer,
            new TokenizeOptions { MaxLength = tokenizer.Truncation?.MaxLength ?? int.MaxValue, TruncationSide = tokenizer.TruncationSide });
        if (tokenizer.Padding is not { } padding) return buffer.Ids.ToArray();
        int length = padding.FixedLength ?? buffer.Count;
        if (padding.Multiple is > 0 and { } multiple) length = (length + multiple - 1) / multiple * multiple;
        IEnumerable<int> pads = Enumerable.Repeat(padding.PadId, Math.Max(0, length - buffer.Count));
        return padding.Side == TokenSide.Left ? [.. pads, .. buffer.Ids] : [.. buffer.Ids, .. pads];
    }

    private static void Check<T>(TokenizerCase text, string what, ReadOnlySpan<T> expected, ReadOnlySpan<T> actual)
        where T : IEquatable<T>
    {
        if (!expected.SequenceEqual(actual))
            Assert.Fail(
                $"{what} of {System.Text.Json.JsonSerializer.Serialize(text.Text)}\nexpected "
                    + $"{string.Join(' ', expected.ToArray())}\nactual   {string.Join(' ', actual.ToArray())}");
    }
}
