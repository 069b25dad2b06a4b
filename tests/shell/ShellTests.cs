namespace ColbertOnnx.Tests.Shell;

/// <summary>The files of Pester, tests/*.Tests.ps1: the project writes a test for each, and each test in the file is reported.</summary>
public sealed partial class ShellTests(ITestOutputHelper output)
{
    [Theory]
    [PesterFiles(Tag = "Timed")]
    [Trait("Kind", "Timed")]
    public void Timed(PesterResult result) => Check(result);

    private void Check(PesterResult result)
    {
        if (result.Output.Length > 0) output.WriteLine(result.Output);
        Assert.True(result.Result == "Passed", $"{result.Result}: {result.Message}");
    }
}
