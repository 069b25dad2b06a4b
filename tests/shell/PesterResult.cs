namespace ColbertOnnx.Tests.Shell;

/// <summary>What came of one test of Pester.</summary>
public sealed record PesterResult(string Name, string Result, string Message, string Output, double Seconds)
{
    /// <summary>How long it took: xunit, which times the row alone, shows this beside the name.</summary>
    public override string ToString() => FormattableString.Invariant($"{Seconds:f1} s");
}
