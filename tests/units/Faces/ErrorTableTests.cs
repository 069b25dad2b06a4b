using System.Text.Json;

namespace ColbertOnnx.Tests.Faces;

/// <summary>tests/data/errors.json as a whole: each id has a case, and what takes a run of its own is run.</summary>
public sealed class ErrorTableTests
{
    [Fact]
    public void Every_error_id_is_provoked()
    {
        HashSet<ColbertErrorId> provoked = [.. ErrorCases.All()];
        Assert.Empty(Enum.GetValues<ColbertErrorId>().Except(provoked));
    }

    [Theory]
    [MemberData(nameof(ErrorCases.RunNames), MemberType = typeof(ErrorCases))]
    public async Task A_run_that_fails_is_told_with_id_names_action_and_exit_code(string name)
    {
        JsonElement c = ErrorCases.RunOf(name);
        using var folder = new TemporaryFolder();
        (string[] command, Dictionary<string, string> variables) = ErrorCases.BuildRun(c, folder);
        var run = await ColbertProcess.RunWith(variables, "a text\n", command);
        string[] lines = run.Error.Split('\n');
        int at = Array.FindIndex(lines, line => line.StartsWith($"colbert: {ErrorCases.ErrorOf(c)}: ", StringComparison.Ordinal));
        Assert.True(at >= 0, run.Error);
        Assert.All(ErrorCases.NamesOf(c), part => Assert.Contains(part, lines[at], StringComparison.Ordinal));
        Assert.Contains(lines[(at + 1)..], line => line.StartsWith("  ", StringComparison.Ordinal) && line.Trim().Length > 0);
        Assert.Equal(c.GetProperty("exit").GetInt32(), run.Exit);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }
}
