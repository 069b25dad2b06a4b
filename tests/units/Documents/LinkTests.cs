using System.Text.RegularExpressions;

namespace ColbertOnnx.Tests.Documents;

/// <summary>Where pages lead.</summary>
public sealed partial class LinkTests
{
    public static TheoryData<string> Names => [.. Pages.All];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_link_of_a_page_leads_to_a_file(string page)
    {
        string folder = Path.GetDirectoryName(Path.Combine(TestData.Repository, page))!;
        string[] missing =
        [
            .. Link().Matches(Pages.Read(page)).Select(match => match.Groups["target"].Value)
                .Where(target => !target.StartsWith('#') && !target.Contains("://", StringComparison.Ordinal))
                .Where(target => !Path.Exists(Path.Combine(folder, target.Split('#')[0]))),
        ];
        Assert.Empty(missing);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_page_that_a_page_names_is_there(string page)
    {
        string[] missing =
        [
            .. Named().Matches(Pages.Read(page)).Select(match => match.Value).Distinct(StringComparer.Ordinal)
                .Where(name => !File.Exists(Path.Combine(TestData.Repository, name))),
        ];
        Assert.Empty(missing);
    }

    [Fact]
    public void Each_page_that_the_source_names_is_there()
    {
        string[] sources =
        [
            .. new[] { "src", "tests", "tools", "module" }.SelectMany(folder => Files(Path.Combine(TestData.Repository, folder))),
        ];
        Assert.True(sources.Length > 500);
        string[] missing =
        [
            .. sources.SelectMany(source => Named().Matches(File.ReadAllText(source))
                .Where(match => !File.Exists(Path.Combine(TestData.Repository, match.Value))).Select(match => $"{source}: {match.Value}")),
        ];
        Assert.Empty(missing);
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*.*", new EnumerationOptions { RecurseSubdirectories = true })
            .Where(file => Path.GetExtension(file) is ".cs" or ".ps1" or ".psm1" or ".csproj" or ".targets")
            .Where(file => !Regex.IsMatch(file, @"[\\/](obj|bin|node_modules)[\\/]"));

    [GeneratedRegex(@"(?<!`)\[[^\]\n]*\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\bdocs/(?:[a-z_]+/)*[\w-]+\.(?:md|yml|json|svg)\b")]
    private static partial Regex Named();
}
