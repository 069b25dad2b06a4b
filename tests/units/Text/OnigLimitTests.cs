using ColbertOnnx.Text;
using ColbertOnnx.Text.Expressions;

namespace ColbertOnnx.Tests.Text;

/// <summary>Expressions that are made to take more than a machine has.</summary>
public sealed class OnigLimitTests
{
    [Theory]
    [InlineData("(", "a", ")")]
    [InlineData("(?:", "a", ")?")]
    [InlineData("(?=", "a", ")")]
    [InlineData("[", "a", "]")]
    [InlineData("(?i)", "a", "")]
    public void Groups_within_each_other_have_a_limit(string open, string inside, string close)
    {
        // The whole expression counts as one.
        OnigRegex.Parse(Nested(Limits.ExpressionDepth - 1), "test");
        AssertTooDeep(Nested(Limits.ExpressionDepth));
        AssertTooDeep(Nested(3_000));

        string Nested(int depth) => Repeat(open, depth) + inside + Repeat(close, depth);
    }

    [Theory]
    [InlineData("{1}")]
    [InlineData("??")]
    public void Quantifiers_on_quantifiers_have_a_limit(string quantifier)
    {
        OnigRegex.Parse("a" + Repeat(quantifier, Limits.ExpressionDepth + 1), "test");
        AssertTooDeep("a" + Repeat(quantifier, Limits.ExpressionDepth + 2));
        AssertTooDeep("a" + Repeat(quantifier, 3_000));
    }

    [Fact]
    public void Quantifiers_on_quantifiers_are_counted_inside_groups_too()
    {
        string expression = "a";
        for (int level = 0; level < 51; level++)
            expression = $"(?:{expression}){{1}}{{1}}{{1}}";
        AssertTooDeep(expression);
    }

    [Fact]
    public void As_many_quantifiers_as_the_limit_repeat_what_they_stand_on()
    {
        var found = new List<(int, int)>();
        foreach (OnigMatch match in OnigRegex.Parse("a" + Repeat("{1}", Limits.ExpressionDepth + 1), "test").EnumerateMatches("baa"))
            found.Add((match.Start, match.End));
        Assert.Equal([(1, 2), (2, 3)], found);
    }

    [Fact]
    public void The_length_of_groups_within_each_other_is_found_in_one_walk()
    {
        // Two walks at each level would be 2^80 of them.
        OnigRegex regex = OnigRegex.Parse($"(?<={Repeat("(", 80)}a{Repeat(")?", 80)})b", "test");
        Assert.True(regex.Find("ab", 0, out int start, out int end));
        Assert.Equal((1, 2), (start, end));
    }

    [Fact]
    public void Ways_of_a_look_ahead_that_come_together_are_gone_once()
    {
        // Those from odd and from even places meet at the end, and from each of the second ones the way there would be half the text.
        string text = new('a', 20_000);
        var guard = new TextGuard();
        Assert.Equal(0, Count("a(?=(?:aa)*a?(?:$|b)c*)x", text, guard));
        Assert.InRange(guard.Steps, text.Length, text.Length * 100L);
    }

    [Fact]
    public void What_an_expression_takes_grows_with_its_length()
    {
        string[] expressions =
        [
            Repeat("a?", 3_000) + "b", $"[{string.Concat(Apart(9_900))}]", string.Join("|", Apart(4_900)),
        ];
        foreach (string expression in expressions)
        {
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            Assert.NotEmpty(OnigRegex.Parse(expression, "test").Program);
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            // What is copied for each two of its parts is 500 MB and more.
            Assert.InRange(allocated, 0, 400_000_000);
        }

        // No two of them make up one run.
        static IEnumerable<string> Apart(int count) => Enumerable.Range(0, count).Select(i => char.ToString((char)(0x4E00 + (i * 2))));
    }

    [Theory]
    [InlineData("(?:a?){60}b", 2)]
    [InlineData("(?:a|ab)*c", 1)]
    public void What_an_expression_takes_in_a_text_has_a_limit(string expression, int matches)
    {
        string text = new('a', 100_000);
        var guard = new TextGuard { MostMemory = 1 << 20 };
        ColbertException error = Assert.Throws<ColbertException>(() => { Count(expression, text, guard); });
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.Contains("1,048,576 bytes", error.Message, StringComparison.Ordinal);
        Assert.Contains("(the limit ExpressionMemory)", error.Message, StringComparison.Ordinal);
        Assert.Equal(matches, Count(expression, "abacb", guard));
        Assert.Equal(Limits.ExpressionMemory, new TextGuard().MostMemory);
        Assert.Equal(0, Count(expression, text, new TextGuard()));
    }

    private static int Count(string expression, string text, TextGuard guard)
    {
        int count = 0;
        using OnigMatches matches = OnigRegex.Parse(expression, "test").EnumerateMatches(text, guard);
        while (matches.MoveNext())
            count++;
        return count;
    }

    private static void AssertTooDeep(string expression)
    {
        ColbertException error = Assert.Throws<ColbertException>(() => OnigRegex.Parse(expression, "pre_tokenizer.pattern"));
        Assert.Equal(ColbertErrorId.TokenizerUnsupported, error.Id);
        Assert.Contains("(the limit ExpressionDepth)", error.Message, StringComparison.Ordinal);
    }

    private static string Repeat(string part, int count) => string.Concat(Enumerable.Repeat(part, count));
}
