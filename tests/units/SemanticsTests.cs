using System.Text.RegularExpressions;

namespace ColbertOnnx.Tests;

public sealed partial class SemanticsTests
{
    [Fact]
    public void A_rule_that_a_comment_cites_stands_in_the_page_on_semantics()
    {
        HashSet<string> rules =
        [
            .. HeadingPattern().Matches(File.ReadAllText(Path.Combine(TestData.Repository, "docs", "semantics.md")))
                .Select(match => match.Groups[1].Value),
        ];
        Assert.Equal(16, rules.Count);
        string[] files =
        [
            .. Directory.EnumerateFiles(Path.Combine(TestData.Repository, "src"), "*.cs", SearchOption.AllDirectories).Where(IsSource),
        ];
        List<(string File, string Rule)> cited =
        [
            .. files.SelectMany(file => CitePattern().Matches(File.ReadAllText(file))
                .SelectMany(match => NumberPattern().Matches(match.Value).Select(number => (file, number.Value)))),
        ];
        Assert.True(cited.Count > 10, "No file cites a rule: the pattern is wrong.");
        foreach ((string file, string rule) in cited)
            Assert.True(rules.Contains(rule), $"{file} cites rule {rule}, which docs/semantics.md lacks.");
    }

    [Fact]
    public void A_comment_that_cites_a_rule_says_where_it_stands()
    {
        foreach (string file in Directory.EnumerateFiles(Path.Combine(TestData.Repository, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(IsSource))
        {
            string text = File.ReadAllText(file);
            Assert.True(
                !CitePattern().IsMatch(text) || text.Contains("semantics.md", StringComparison.Ordinal),
                $"{file} cites a rule and does not name docs/semantics.md.");
        }
    }

    private static bool IsSource(string file) =>
        !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal) &&
        !file.Contains("node_modules", StringComparison.Ordinal);

    [GeneratedRegex(@"^### Rule (\d+):", RegexOptions.Multiline)]
    private static partial Regex HeadingPattern();

    [GeneratedRegex(@"\b[Rr]ules? \d+(?:(?: to | and |, )\d+)*")]
    private static partial Regex CitePattern();

    [GeneratedRegex(@"\d+")]
    private static partial Regex NumberPattern();
}
