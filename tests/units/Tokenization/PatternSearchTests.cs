using ColbertOnnx.Text;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Tests.Tokenization;

public sealed class PatternSearchTests
{
    [Theory]
    [InlineData(60, 400, 12)]
    [InlineData(40, 30_000, 700)]
    [InlineData(8, 30_000, 5_000)]
    public void The_leftmost_and_of_those_the_longest_pattern_is_found_as_by_trying_all(int patterns, int length, int longest)
    {
        var random = new Random(patterns + length);
        for (int round = 0; round < (length > 1000 ? 4 : 300); round++)
        {
            // Long runs of one letter, so that nearly every place begins like a pattern.
            string[] given =
            [
                .. Enumerable.Range(0, 1 + random.Next(patterns)).Select(_ => Runs(random, 1 + random.Next(longest))), "ab",
                "a" + new string('b', 3),
            ];
            string text = Runs(random, length) + given[0] + Runs(random, 50);
            var trie = new PatternTrie([.. given.Select((pattern, i) => (pattern, i))]);
            var guard = new TextGuard();
            var search = new PatternSearch(trie, text, guard);
            int from = 0;
            while (true)
            {
                bool found = search.Find(from, out int start, out int end, out int value);
                (int Start, int End, int Value)? expected = First(text, given, from);
                Assert.Equal(expected is not null, found);
                if (!found) break;
                Assert.Equal(expected!.Value, (start, end, value));
                from = end;
            }

            int sum = given.Sum(pattern => pattern.Length);
            Assert.True(
                guard.Steps <= 4096 + (12L * text.Length) + (4L * sum),
                $"{guard.Steps} steps for {text.Length} characters and patterns of {sum}");
        }
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(9_000)]
    public void A_text_costs_its_length_however_long_the_added_tokens_are(int longest)
    {
        Tokenizer tokenizer =
            TokenizerOf.Json(
                $$$"""{"model":{"type":"WordLevel","unk_token":"u","vocab":{"u":0}},"added_tokens":[{{{TokenizerOf.Added(1, new string('a', longest) + "b")}}},{{{TokenizerOf.Added(2, "a")}}}]}""");
        var buffer = new TokenBuffer();
        tokenizer.Encode(new string('a', 100_000), buffer, new TokenizeOptions());
        Assert.Equal(100_000, buffer.Count);
        Assert.InRange(Tokenizer.LastSteps, 1, 1_000_000);
    }

    [Fact]
    public void A_limit_does_not_look_for_a_place_to_cut_without_end()
    {
        Tokenizer tokenizer =
            TokenizerOf.Json(
                $$$"""{"model":{"type":"WordLevel","unk_token":"u","vocab":{"u":0}},"added_tokens":[{{{TokenizerOf.Added(1, new string('a', 9_000) + "b")}}}]}""");
        var trie = new PatternTrie([(new string('a', 9_000) + "b", 1)]);
        int steps = 20_000;
        Assert.True(trie.IsOpenAtEnd(new string('a', 100) + "c" + new string('a', 10), ref steps));
        Assert.False(trie.IsOpenAtEnd(new string('a', 100) + "c", ref steps));
        // Every place of this one begins like the pattern and goes on otherwise: it is given up, and counts as open.
        Assert.True(trie.IsOpenAtEnd(new string('a', 8_000) + "c", ref steps));
        Assert.True(steps < 0);
        tokenizer.Encode(new string('a', 100_000), new TokenBuffer(), new TokenizeOptions { MaxLength = 10 });
        Assert.InRange(Tokenizer.LastSteps, 1, 1_000_000);
    }

    private static string Runs(Random random, int length)
    {
        var text = new System.Text.StringBuilder();
        while (text.Length < length)
            text.Append(random.Next(12) == 0 ? 'b' : 'a', Math.Min(length - text.Length, 1 + random.Next(random.Next(3) == 0 ? 400 : 3)));
        return text.ToString();
    }

    private static (int Start, int End, int Value)? First(string text, string[] patterns, int from)
    {
        (int Start, int End, int Value)? best = null;
        for (int i = 0; i < patterns.Length; i++)
        {
            int at = text.IndexOf(patterns[i], from, StringComparison.Ordinal);
            if (at >= 0 && (best is not { } b || at < b.Start || (at == b.Start && at + patterns[i].Length > b.End)))
                best = (at, at + patterns[i].Length, i);
        }

        return best;
    }
}
