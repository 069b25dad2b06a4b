using ColbertOnnx.Text;
using ColbertOnnx.Text.Expressions;

namespace ColbertOnnx.Tests.Text;

/// <summary>Look-behinds whose bodies can match in many ways.</summary>
public sealed class OnigLookBehindTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("(?<=(?:a|a){24}b)c", false)]
    [InlineData("(?<!(?:a|a){24}b)c", true)]
    [InlineData("(?<=(?:a?){20}b)c", false)]
    [InlineData("(?<=(?:a|a){200}b)c", false)]
    [InlineData("(?<!(?:a|a){200}b)c", true)]
    [InlineData("(?<=(?:a|aa){1,100}b)c", false)]
    public void Ways_through_a_look_behind_do_not_multiply(string expression, bool isFirst)
    {
        string run = new('a', 300);
        List<(int Start, int End)> expected = isFirst ? [(300, 301)] : [(602, 603)];
        Assert.Equal(expected, Find(expression, $"{run}c{run}bc", 1_000_000));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(20)]
    public void Look_behinds_within_each_other_do_not_multiply(int levels)
    {
        string expression = "b", run = new('a', 300);
        for (int level = 0; level < levels; level++)
            expression = $"(?<=a{{0,9}}{expression})";
        Assert.Equal([(602, 603)], Find(expression + "c", $"{run}c{run}bc", 3_000_000));
    }

    [Theory]
    [InlineData("(?<=a|bc?)b")]
    [InlineData("(?<!a|bc?)[ab]")]
    [InlineData("(?<=(?:a|ab){1,3}c?)b")]
    [InlineData("(?<=(?:a|ab){1,3}?c?)b|(?<!b{2}|a)c")]
    [InlineData("(?<=(?<!a|cb)b?c)a|(?<=a{1,3}(?=b|c))b")]
    [InlineData("(?<=(?>a|ab)c)[abc]")]
    [InlineData("(?<=(?:a?b?){2})c")]
    [InlineData("(?:(?<=a|b?c)a|b)*c")]
    [InlineData("(?<=(?:a|(?<=ab|c)b){2}c{0,2})(?:a|b|c)")]
    [InlineData("(?=a(?<=(?:^|b)a)b?)(?:a|b)*+c?")]
    public void A_look_behind_finds_the_same_with_memory_and_without(string expression)
    {
        OnigRegex regex = OnigRegex.Parse(expression, "test");
        int found = 0;
        foreach (string text in Texts(7))
        {
            List<(int Start, int End)> plain = All(regex.EnumerateMatches(text)),
                remembering = All(regex.EnumerateMatches(text).Remembering());
            Assert.True(plain.SequenceEqual(remembering), text);
            found += plain.Count;
        }

        output.WriteLine($"{expression}: {found} matches");
        Assert.True(found > 0);
    }

    private List<(int Start, int End)> Find(string expression, string text, long mostSteps)
    {
        var guard = new TextGuard();
        List<(int Start, int End)> found = All(OnigRegex.Parse(expression, "test").EnumerateMatches(text, guard));
        output.WriteLine($"{expression}: {guard.Steps} steps");
        Assert.InRange(guard.Steps, 0, mostSteps);
        return found;
    }

    private static List<(int Start, int End)> All(OnigMatches matches)
    {
        var found = new List<(int Start, int End)>();
        foreach (OnigMatch match in matches)
            found.Add((match.Start, match.End));
        return found;
    }

    // Every text of so many letters or fewer.
    private static List<string> Texts(int longest)
    {
        List<string> texts = [""];
        for (int i = 0; texts[i].Length < longest; i++)
        {
            foreach (char letter in "abc")
                texts.Add(texts[i] + letter);
        }

        return texts;
    }
}
