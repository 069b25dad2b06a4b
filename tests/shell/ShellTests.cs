namespace ColbertOnnx.Tests.Shell;

/// <summary>
/// What the files of Pester, tests/*.Tests.ps1, time. The project writes a class for each file, with all else: each test in the file is
/// reported.
/// </summary>
public sealed class ShellTests(ITestOutputHelper output)
{
    [Theory]
    [PesterFiles(Tag = "Timed")]
    [Trait("Kind", "Timed")]
    public void Timed(PesterResult result) => result.Check(output);
}
