namespace ColbertOnnx.Fuzz;

/// <summary>
/// Mutated files of every format. 2,000 of each by default; COLBERT_FUZZ_MUTATIONS=100000 asks for more, COLBERT_FUZZ_SEED=N for others
/// (0: by the clock), COLBERT_FUZZ_FIRST=N begins at mutation N of a seed, so that one alone can be repeated.
/// </summary>
public sealed class FuzzTests
{
    public static TheoryData<string> Targets => [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task A_mutated_file_gives_a_result_or_an_error_with_an_id(string target)
    {
        var run = new FuzzRun(
            FuzzTargets.All.Single(one => one.Name == target), Number("COLBERT_FUZZ_SEED", 1), Number("COLBERT_FUZZ_FIRST", 0),
            Number("COLBERT_FUZZ_MUTATIONS", 2000));
        await run.Complete(TestContext.Current.CancellationToken);
        TestContext.Current.SendDiagnosticMessage(run.Summary);
        Assert.True(run.Faults.Count == 0, string.Join("\n\n", run.Faults.Prepend(run.Summary)));
        // A driver that reaches nothing behind the first check would pass as well.
        Assert.True(run.Accepted > 0, $"{run.Summary}: no mutation was read to its end.");
        Assert.True(run.Refused > 0, $"{run.Summary}: no mutation was refused.");
    }

    private static int Number(string variable, int otherwise) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
        ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture)
        : otherwise;
}
