using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ColbertOnnx.Tests;

/// <summary>The output that the README shows is what the command prints. Scores may differ in the second digit: INT8 kernels differ by processor.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(TestData.Repository, "README.md")).ReplaceLineEndings("\n");

    public static TheoryData<string, string> Samples
    {
        get
        {
            var samples = new TheoryData<string, string>();
            foreach (Match match in Sample().Matches(Readme)) samples.Add(match.Groups["arguments"].Value, match.Groups["output"].Value);
            return samples;
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_printed_output_is_the_command_s(string arguments, string output)
    {
        using Process process = ChildProcess.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "colbert.exe" : "colbert"), arguments)
        {
            RedirectStandardOutput = true,
            WorkingDirectory = TestData.Repository,
        });
        string printed = process.StandardOutput.ReadToEnd().ReplaceLineEndings("\n").TrimEnd('\n');
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        Assert.Equal(Score().Replace(output, "#"), Score().Replace(printed, "#"));
        foreach ((double shown, double now) in Numbers(output).Zip(Numbers(printed))) Assert.InRange(now, shown - 0.05, shown + 0.05);
    }

    [Fact]
    public void The_readme_begins_with_the_two_commands_of_the_set_up()
    {
        int demo = Readme.IndexOf("    dotnet run -c Release --project src/ColbertOnnx.Cli -- demo\n    dotnet test ColbertPS.sln -c Release\n", StringComparison.Ordinal);
        Assert.InRange(demo, 0, Readme.IndexOf("```", StringComparison.Ordinal));
        Assert.NotEmpty(Samples);
    }

    private static double[] Numbers(string text) => [.. Score().Matches(text).Select(m => double.Parse(m.Value, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"<!-- output of: (?<arguments>[^\n]*?) -->\n```\n(?<output>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Sample();

    [GeneratedRegex(@"\d+\.\d+")]
    private static partial Regex Score();
}
