namespace ColbertOnnx.Tests.Shell;

/// <summary>What came of one test of Pester.</summary>
public sealed record PesterResult(string Name, string Result, string Message, string Output, double Seconds)
{
    /// <summary>How long it took: xunit, which times the row alone, shows this beside the name.</summary>
    public override string ToString() => FormattableString.Invariant($"{Seconds:f1} s");

    /// <summary>Shows what the test printed, and throws when it did not pass.</summary>
    internal void Check(ITestOutputHelper output)
    {
        if (Output.Length > 0) output.WriteLine(Output);
        Assert.True(Result == "Passed", $"{Result}: {Message}");
    }
}
