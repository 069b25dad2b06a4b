using System.Globalization;
using System.Text.RegularExpressions;
using ColbertOnnx.Tests.Faces;

namespace ColbertOnnx.Tests.Documents;

/// <summary>
/// Output and pictures that pages show are what the command makes. Scores may differ by a tenth, and texts of nearly one score may change
/// places: between kernels of 512, 256 and 128 bits scores of the demonstration move by 0.04, four of its texts lie within 0.04 of each
/// other, and from the third place on single words are matched by chance.
/// </summary>
public sealed partial class CommandSampleTests
{
    public static TheoryData<string, string, string> Samples
    {
        get
        {
            var samples = new TheoryData<string, string, string>();
            foreach (string page in Pages.WithSamples)
                foreach (Match match in Sample().Matches(Pages.Read(page)))
                    samples.Add(page, match.Groups["arguments"].Value, match.Groups["output"].Value);
            return samples;
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task The_printed_output_is_the_command_s(string page, string arguments, string output)
    {
        var run = await ColbertProcess.Run(null, arguments.Split(' '));
        string printed = run.Output.ReplaceLineEndings("\n").TrimEnd('\n');
        Assert.True(run.Exit == 0, $"{page}: {run.Error}");
        string[] wanted = Parts(output), found = Parts(printed);
        Assert.Equal(wanted.Select(WithoutPlace), found.Select(WithoutPlace));
        foreach ((double shown, double now) in wanted.SelectMany(Numbers).Zip(found.SelectMany(Numbers)))
            Assert.InRange(now, shown - 0.1, shown + 0.1);
    }

    [Fact]
    public void The_readme_begins_with_the_two_commands_of_the_set_up()
    {
        string readme = Pages.Read("README.md");
        int demo = readme.IndexOf(
            "    dotnet run -c Release --project src/ColbertOnnx.Cli -- demo\n    dotnet test ColbertPS.sln -c Release\n",
            StringComparison.Ordinal);
        Assert.InRange(demo, 0, readme.IndexOf("```", StringComparison.Ordinal));
        Assert.NotEmpty(Samples);
    }

    [Fact]
    public async Task The_heat_map_of_the_readme_is_the_product_s()
    {
        string shown = await File.ReadAllTextAsync(
            Path.Combine(TestData.Repository, "docs", "images", "heatmap.svg"), TestContext.Current.CancellationToken);
        string[] texts = Label().Match(shown).Groups["texts"].Value.Split(" / ");
        using var desk = new TemporaryFolder().With("text.txt", texts[1] + "\n");
        var run = await ColbertProcess.Run(null, "score", "--query", texts[0], desk.File("text.txt"), "--heatmap", desk.File("map.svg"));
        Assert.True(run.Exit == 0, run.Error);
        string drawn = await File.ReadAllTextAsync(desk.File("map.svg"), TestContext.Current.CancellationToken);

        // The colours and the cells that are marked follow the scores.
        Assert.Equal(Words(shown), Words(drawn));
        Assert.Equal(Regex.Count(shown, "<rect "), Regex.Count(drawn, "<rect "));
    }

    private static string[] Words(string svg) => [.. Text().Matches(svg).Select(match => Score().Replace(match.Groups["text"].Value, "#"))];

    // Between empty lines, by their words.
    private static string[] Parts(string text) => [.. text.Split("\n\n").OrderBy(WithoutPlace, StringComparer.Ordinal)];

    private static string WithoutPlace(string part)
    {
        string text = Score().Replace(part, "#"), words = Place().Replace(text, "");
        return Place().Match(text) is { Success: true } place && int.Parse(place.Groups["place"].Value, CultureInfo.InvariantCulture) > 2
            ? Matched().Replace(words, "")
            : words;
    }

    private static double[] Numbers(string text) =>
        [.. Score().Matches(text).Select(m => double.Parse(m.Value, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"<!-- output of: (?<arguments>[^\n]*?) -->\n```\n(?<output>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Sample();

    [GeneratedRegex(@"^ *(?<place>\d+)\.(?= )")]
    private static partial Regex Place();

    // The last lines of a text, as "fall = autumn, trees = leaves".
    [GeneratedRegex(@"(\n +\S+ = \S+(, \S+ = \S+)*)+$")]
    private static partial Regex Matched();

    [GeneratedRegex(@"\d+\.\d+")]
    private static partial Regex Score();

    [GeneratedRegex("aria-label=\"Heat map: (?<texts>[^\"]*)\"")]
    private static partial Regex Label();

    [GeneratedRegex("<text [^>]*>(?<text>[^<]*)</text>")]
    private static partial Regex Text();
}
