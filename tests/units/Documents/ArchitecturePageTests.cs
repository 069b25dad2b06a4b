using System.Text.RegularExpressions;

namespace ColbertOnnx.Tests.Documents;

/// <summary>
/// docs/architecture.md and the recipes of CONTRIBUTING.md lead to files that are there. Their paths begin at a room, so they are the ends
/// of paths.
/// </summary>
public sealed partial class ArchitecturePageTests
{
    private const string Page = "docs/architecture.md";

    private static readonly string[] Sources =
    [
        .. new[] { "src", "tests", "tools" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(TestData.Repository, folder), "*.cs", SearchOption.AllDirectories))
            .Select(file => file.Replace('\\', '/')).Where(file => !Outputs().IsMatch(file)),
    ];

    [Theory]
    [InlineData(Page, 40)]
    [InlineData("CONTRIBUTING.md", 20)]
    public void Each_file_that_a_page_names_is_there(string page, int least)
    {
        string[] named = [.. Named().Matches(Pages.Read(page)).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal)];
        Assert.True(named.Length > least);
        Assert.DoesNotContain(named, name => !Sources.Any(file => file.EndsWith("/" + name, StringComparison.Ordinal)));
    }

    [Fact]
    public void Each_test_that_a_recipe_names_is_there()
    {
        string[] tests =
        [
            .. TestClass().Matches(Pages.Part("CONTRIBUTING.md", "## Recipes")).Select(match => match.Groups[1].Value)
                .Distinct(StringComparer.Ordinal),
        ];
        Assert.True(tests.Length > 15);
        Assert.DoesNotContain(tests, test => !Sources.Any(file => file.EndsWith($"/{test}.cs", StringComparison.Ordinal)));
    }

    [Fact]
    public void Each_folder_and_page_that_a_recipe_names_is_there()
    {
        string[] paths =
        [
            .. Below().Matches(Pages.Read("CONTRIBUTING.md")).Select(match => match.Groups[1].Value)
                .Where(path => !path.Contains("NAME", StringComparison.Ordinal) && !path.Contains("NOUN", StringComparison.Ordinal)
                    && !path.Contains('*'))
                .Distinct(StringComparer.Ordinal),
        ];
        Assert.True(paths.Length > 15);
        Assert.DoesNotContain(paths, path => !Path.Exists(Path.Combine(TestData.Repository, path)));
    }

    [Fact]
    public void Each_room_that_it_names_is_a_folder_with_source()
    {
        string[] rooms =
        [
            .. Pages.Rows(Pages.Part(Page, "## Rooms"))
                .SelectMany(row => Room().Matches(string.Join(' ', row)).Select(match => match.Groups[1].Value)),
        ];
        Assert.True(rooms.Length > 15);
        Assert.DoesNotContain(rooms, room => !Sources.Any(file => file.Contains($"/{room}/", StringComparison.Ordinal)));
    }

    [Fact]
    public void Each_project_of_the_source_and_each_room_of_a_library_stands_in_it()
    {
        string source = Path.Combine(TestData.Repository, "src").Replace('\\', '/') + "/", text = Pages.Read(Page);
        string[][] paths =
        [
            .. Sources.Where(file => file.StartsWith(source, StringComparison.Ordinal)).Select(file => file[source.Length..].Split('/')),
        ];
        string[] projects = [.. paths.Select(path => path[0]).Distinct(StringComparer.Ordinal)];
        Assert.True(projects.Length >= 4);
        Assert.DoesNotContain(projects, project => !text.Contains($"`src/{project}`", StringComparison.Ordinal));

        // Folders of the faces are not rooms.
        string[] rooms =
        [
            .. paths.Where(path => path.Length > 2 && path[0] is not ("ColbertOnnx" or "ColbertOnnx.Cli" or "ColbertOnnx.Loader"))
                .Select(path => path[1]).Distinct(StringComparer.Ordinal),
        ];
        Assert.True(rooms.Length > 12);
        Assert.DoesNotContain(rooms, room => !text.Contains($"`{room}/`", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("## The way of a text")]
    [InlineData("## The way of a checkpoint")]
    public void A_way_has_at_most_twenty_stations_in_order(string heading)
    {
        string[] numbers = [.. Pages.Rows(Pages.Part(Page, heading)).Select(row => row[0])];
        Assert.InRange(numbers.Length, 10, 20);
        Assert.Equal(Enumerable.Range(1, numbers.Length).Select(number => $"{number}"), numbers);
    }

    [GeneratedRegex(@"`([\w./]+\.cs)`")]
    private static partial Regex Named();

    [GeneratedRegex(@"`(\w+Tests)`")]
    private static partial Regex TestClass();

    [GeneratedRegex(@"`((?:src|tests|tools|docs|module)/[^`]+)`")]
    private static partial Regex Below();

    [GeneratedRegex(@"`((?:\w+/)*\w+)/`")]
    private static partial Regex Room();

    [GeneratedRegex("/(obj|bin|node_modules)/")]
    private static partial Regex Outputs();
}
