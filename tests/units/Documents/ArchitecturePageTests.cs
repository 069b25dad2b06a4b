using System.Text.RegularExpressions;

namespace ColbertOnnx.Tests.Documents;

/// <summary>docs/architecture.md leads to files that are there. Its paths begin at a room, so they are the ends of paths below src.</summary>
public sealed partial class ArchitecturePageTests
{
    private const string Page = "docs/architecture.md";

    private static readonly string[] Sources =
    [
        .. Directory.EnumerateFiles(Path.Combine(TestData.Repository, "src"), "*.cs", SearchOption.AllDirectories).Select(file => file.Replace('\\', '/'))
            .Where(file => !Outputs().IsMatch(file)),
    ];

    [Fact]
    public void Each_file_that_it_names_is_there_once_or_more()
    {
        string[] named = [.. Named().Matches(Pages.Read(Page)).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal)];
        Assert.True(named.Length > 40);
        Assert.DoesNotContain(named, name => !Sources.Any(file => file.EndsWith("/" + name, StringComparison.Ordinal)));
    }

    [Fact]
    public void Each_room_that_it_names_is_a_folder_with_source()
    {
        string[] rooms = [.. Pages.Rows(Pages.Part(Page, "## Rooms")).SelectMany(row => Room().Matches(string.Join(' ', row)).Select(match => match.Groups[1].Value))];
        Assert.True(rooms.Length > 15);
        Assert.DoesNotContain(rooms, room => !Sources.Any(file => file.Contains($"/{room}/", StringComparison.Ordinal)));
    }

    [Fact]
    public void Each_room_of_the_core_stands_in_it()
    {
        string core = Path.Combine(TestData.Repository, "src", "ColbertOnnx.Core").Replace('\\', '/') + "/";
        string text = Pages.Part(Page, "## Rooms");
        IEnumerable<string> rooms = Sources.Where(file => file.StartsWith(core, StringComparison.Ordinal)).Select(file => file[core.Length..].Split('/')).Where(parts => parts.Length > 1).Select(parts => parts[0]).Distinct();
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

    [GeneratedRegex(@"`((?:\w+/)*\w+)/`")]
    private static partial Regex Room();

    [GeneratedRegex("/(obj|bin|node_modules)/")]
    private static partial Regex Outputs();
}
