using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using ColbertOnnx.Text.Expressions;

namespace ColbertOnnx.Tests.Text;

public sealed class OnigRegexTests(ITestOutputHelper output)
{
    [Fact]
    public void Drawn_expressions_match_what_the_original_matches()
    {
        int cases = 0, refused = 0;
        var wrong = new List<string>();
        var parsed = new Dictionary<string, OnigRegex?>();
        using var reader = new StreamReader(new GZipStream(
            File.OpenRead(TestData.Path("text", "regex-cases.jsonl.gz")), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            using JsonDocument json = JsonDocument.Parse(line);
            string expression = json.RootElement[0].GetString()!, text = json.RootElement[1].GetString()!;
            int[] expected = [.. json.RootElement[2].EnumerateArray().Select(e => e.GetInt32())];
            cases++;
            if (!parsed.TryGetValue(expression, out OnigRegex? regex))
                parsed.Add(expression, regex = ParseOrNull(expression));
            if (regex is null)
            {
                refused++;
                continue;
            }
            for (int mode = 0; mode < 3; mode++)
            {
                // The engine, the engine that remembers, and what was written by hand for expressions of this kind.
                if (mode == 2 && OnigRegex.Parse(expression, "test") is { Known: not null } known)
                    regex = known;
                int[] found = Matches(regex, text, mode == 1);
                if (!found.SequenceEqual(expected))
                    wrong.Add(
                        $"{expression}  {JsonSerializer.Serialize(text)}  expected {string.Join(' ', expected)}  found "
                            + $"{string.Join(' ', found)}");
            }
        }
        output.WriteLine($"{cases} cases, {refused} refused, {wrong.Count} wrong");
        foreach (string w in wrong.Take(20))
            output.WriteLine(w);
        Assert.Empty(wrong);
        Assert.True(cases > 5000 && refused < cases / 8, $"{refused} of {cases} refused");
    }

    [Theory]
    [InlineData(@"(a)\1")]
    [InlineData(@"a\Kb")]
    [InlineData(@"\Ga")]
    [InlineData(@"\X")]
    [InlineData("(?~a)")]
    [InlineData("(?i:st)")]
    [InlineData("(?i:\u00df)")]
    [InlineData(@"\p{Script=Han}")]
    [InlineData("(?:a?|b*)+")]
    [InlineData("(?<=a.*)b")]
    [InlineData("[a")]
    [InlineData("(a")]
    public void What_cannot_be_mapped_exactly_is_refused(string expression)
    {
        ColbertException error = Assert.Throws<ColbertException>(() => OnigRegex.Parse(expression, "pre_tokenizer.pattern"));
        Assert.Equal(ColbertErrorId.TokenizerUnsupported, error.Id);
        Assert.Contains("pre_tokenizer.pattern", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(a+)+b", "a")]
    [InlineData("(a|aa)+$|c", "a")]
    [InlineData("a+b", "a")]
    [InlineData("(?:a|b|ab)*c", "ab")]
    [InlineData(@"\s*[\r\n]+|\s+(?!\S)|\s+", " ")]
    [InlineData(@"(?=(a|aa)+b)a|a", "a")]
    [InlineData(@"a(?=.*b)", "a")]
    [InlineData(@"a(?!.*b)", "a")]
    [InlineData(@"(?>(a|aa)+)b|a{3}", "a")]
    [Trait("Kind", "Timed")]
    public void Expressions_known_to_explode_take_linear_time(string expression, string unit)
    {
        OnigRegex regex = OnigRegex.Parse(expression, "test");
        string text = string.Concat(Enumerable.Repeat(unit, 200_000 / unit.Length));
        long clock = Stopwatch.GetTimestamp();
        int count = 0;
        foreach (OnigMatch match in regex.EnumerateMatches(text))
            count += match.End - match.Start >= 0 ? 1 : 0;
        TimeSpan elapsed = Stopwatch.GetElapsedTime(clock);
        output.WriteLine($"{count} matches in {elapsed.TotalMilliseconds:N0} ms");
        Assert.True(elapsed < TimeSpan.FromSeconds(30), $"{elapsed}");
    }

    [Theory]
    [InlineData("'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+")]
    [InlineData(
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+")]
    [InlineData(
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| "
            + "?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+")]
    public void Matchers_written_by_hand_agree_with_the_engine(string expression)
    {
        OnigRegex byHand = OnigRegex.Parse(expression, "test"), general = OnigRegex.Parse(expression, "test", isGeneral: true);
        Assert.NotNull(byHand.Known);
        Assert.Null(general.Known);
        string[] characters =
        [
            "a", "s", "t", "r", "e", "v", "l", "L", "S", "D", "\u017f", "\u212a", "1", "\u0663", "\u00bd", " ", " ", "\n", "\r", "\t",
            "\u00a0", "\u3000", "'", "'", ".", "/", "_", "\u0301", "\u4e2d", "\U0001F600", "\U0001D538", "\U0001D7D8", "\ud800", "\udc00",
        ];
        var random = new Random(11);
        for (int i = 0; i < 50_000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 16)).Select(_ => characters[random.Next(characters.Length)]));
            List<int> whole = Units(byHand, text);
            Assert.Equal(Units(general, text), whole);
            // What is said to be certain without the rest of the text is what the whole text gives.
            int cut = random.Next(1, text.Length + 1);
            OnigMatches beginning = byHand.EnumerateMatches(text.AsSpan(0, cut));
            for (int k = 0; beginning.MoveNext() && beginning.Current.Start < beginning.EndSeenFrom; k += 2)
                Assert.Equal((whole[k], whole[k + 1]), (beginning.Current.Start, beginning.Current.End));
            beginning.Dispose();
        }

        static List<int> Units(OnigRegex regex, string text)
        {
            var units = new List<int>();
            foreach (OnigMatch match in regex.EnumerateMatches(text))
                units.AddRange([match.Start, match.End]);
            return units;
        }
    }

    [Fact]
    public void Empty_matches_are_found_but_not_right_behind_a_match()
    {
        OnigRegex regex = OnigRegex.Parse("x*", "test");
        var found = new List<(int, int)>();
        foreach (OnigMatch match in regex.EnumerateMatches("axx\U0001F600b"))
            found.Add((match.Start, match.End));
        Assert.Equal([(0, 0), (1, 3), (5, 5), (6, 6)], found);
    }

    private static OnigRegex? ParseOrNull(string expression)
    {
        try
        {
            return OnigRegex.Parse(expression, "test", isGeneral: true);
        }
        catch (ColbertException e) when (e.Id == ColbertErrorId.TokenizerUnsupported)
        {
            return null;
        }
    }

    // Offsets in code points, empty matches left out.
    private static int[] Matches(OnigRegex regex, string text, bool remembering)
    {
        var found = new List<int>();
        var matches = remembering ? regex.EnumerateMatches(text).Remembering() : regex.EnumerateMatches(text);
        foreach (OnigMatch match in matches)
        {
            if (match.End > match.Start)
                found.AddRange([CodePoints(text, match.Start), CodePoints(text, match.End)]);
        }
        return [.. found];
    }

    private static int CodePoints(string text, int end) => text.AsSpan(0, end).ToString().EnumerateRunes().Count();
}
