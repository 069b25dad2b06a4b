using System.Reflection;
using System.Text.RegularExpressions;

namespace ColbertOnnx.Tests;

public sealed partial class LimitsTests
{
    [Fact]
    public void The_page_on_security_has_each_limit_and_no_other()
    {
        string[] rows =
        [
            .. File.ReadLines(Path.Combine(TestData.Repository, "docs", "security.md"))
                .Where(line => line.StartsWith("| `", StringComparison.Ordinal)),
        ];
        string[] told =
        [
            .. rows.SelectMany(row => NamePattern().Matches(row.Split('|')[1]).Select(match => match.Groups[1].Value))
                .Order(StringComparer.Ordinal),
        ];
        string[] limits =
        [
            .. typeof(Limits).GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Select(field => field.Name)
                .Order(StringComparer.Ordinal),
        ];
        Assert.NotEmpty(limits);
        Assert.Equal(limits, told);
    }

    [GeneratedRegex("`(\\w+)`")]
    private static partial Regex NamePattern();
}
