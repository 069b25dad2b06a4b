using System.Reflection;

namespace ColbertOnnx.Tests.Shell;

/// <summary>The files of Pester, tests/*.Tests.ps1: a test here for each, and each test in it is reported.</summary>
public sealed class ShellTests(ITestOutputHelper output)
{
    [Fact]
    public void Each_file_of_Pester_is_run()
    {
        IEnumerable<string> run = typeof(ShellTests).GetMethods().SelectMany(method => method.GetCustomAttributes<PesterFilesAttribute>()).Where(files => files.Tag is null).SelectMany(files => files.Names);
        IEnumerable<string> there = Directory.EnumerateFiles(Path.Combine(TestData.Repository, "tests"), "*.Tests.ps1").Select(path => Path.GetFileName(path)[..^".Tests.ps1".Length]);
        Assert.Equal(there.Order(StringComparer.Ordinal), run.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Each_file_with_tests_that_watch_a_clock_is_in_their_step()
    {
        IEnumerable<string> run = typeof(ShellTests).GetMethod(nameof(Timed))!.GetCustomAttribute<PesterFilesAttribute>()!.Names;
        IEnumerable<string> there = Directory.EnumerateFiles(Path.Combine(TestData.Repository, "tests"), "*.Tests.ps1").Where(path => File.ReadAllText(path).Contains("-Tag Timed", StringComparison.Ordinal));
        Assert.Equal(there.Select(path => Path.GetFileName(path)[..^".Tests.ps1".Length]).Order(StringComparer.Ordinal), run.Order(StringComparer.Ordinal));
    }

    [Theory]
    [PesterFiles("Completion")]
    public void Completion(PesterResult result) => Check(result);

    [Theory]
    [PesterFiles("EmbeddingFiles")]
    public void EmbeddingFiles(PesterResult result) => Check(result);

    [Theory]
    [PesterFiles("Encode")]
    public void Encode(PesterResult result) => Check(result);

    [Theory]
    [PesterFiles("Errors")]
    public void Errors(PesterResult result) => Check(result);

    [Theory]
    [PesterFiles("Export")]
    public void Export(PesterResult result) => Check(result);

    [Theory]
    [PesterFiles("Help")]
    public void Help(PesterResult result) => Check(result);

    [Theory]
    [PesterFiles("Loading")]
    public void Loading(PesterResult result) => Check(result);

    [Theory]
    [PesterFiles("Package", NeedsPackage = true)]
    public void Package(PesterResult result) => Check(result);

    [Theory]
    [PesterFiles("Parity")]
    public void Parity(PesterResult result) => Check(result);

    [Theory]
    [PesterFiles("Providers")]
    public void Providers(PesterResult result) => Check(result);

    [Theory]
    [PesterFiles("Readme")]
    public void Readme(PesterResult result) => Check(result);

    [Theory]
    [PesterFiles("Score")]
    public void Score(PesterResult result) => Check(result);

    [Theory]
    [PesterFiles("Shown")]
    public void Shown(PesterResult result) => Check(result);

    [Theory]
    [PesterFiles("Stop")]
    public void Stop(PesterResult result) => Check(result);

    [Theory]
    [PesterFiles("Telemetry")]
    public void Telemetry(PesterResult result) => Check(result);

    [Theory]
    [PesterFiles("Loading", "Stop", Tag = "Timed")]
    [Trait("Kind", "Timed")]
    public void Timed(PesterResult result) => Check(result);

    private void Check(PesterResult result)
    {
        if (result.Output.Length > 0) output.WriteLine(result.Output);
        Assert.True(result.Result == "Passed", $"{result.Result}: {result.Message}");
    }
}
