namespace ColbertOnnx.Tests.Faces;

/// <summary>Options of the command that take a path, with what a script gives whose variable is not set.</summary>
public sealed class PathArgumentTests
{
    [Theory]
    [InlineData("--output", "encode", "--document", "t.txt", "-o", "*")]
    [InlineData("--output", "encode", "--document", "t.txt", "--resume", "-o", "*")]
    [InlineData("--profile-path", "encode", "--document", "t.txt", "-o", "-", "--profile-path", "*")]
    [InlineData("--provider-library", "encode", "--document", "t.txt", "-o", "-", "--provider-library", "*")]
    [InlineData("--model", "encode", "--document", "t.txt", "-o", "-", "-m", "*")]
    [InlineData("--revision", "encode", "--document", "t.txt", "-o", "-", "--revision", "*")]
    [InlineData("INPUT", "encode", "--document", "-o", "-", "*")]
    [InlineData("--provider-library", "providers", "--provider-library", "*")]
    [InlineData("--reference", "parity", "--reference", "*")]
    [InlineData("--reference-text", "parity", "--reference", "r.npz", "--reference-text", "*")]
    [InlineData("--reference-model", "parity", "t.txt", "--reference-model", "*")]
    [InlineData("--report-path", "parity", "--reference", "r.json", "--report-path", "*")]
    [InlineData("--queries", "parity", "t.txt", "--reference-model", "m", "--queries", "*")]
    [InlineData("--baseline", "throughput", "--baseline", "*")]
    [InlineData("--report-path", "throughput", "--report-path", "*")]
    [InlineData("--output", "reference", "t.txt", "-o", "*")]
    [InlineData("--heatmap", "score", "-q", "x", "t.txt", "--heatmap", "*")]
    [InlineData("--model", "tokenize", "t.txt", "-m", "*")]
    [InlineData("--revision", "tokenize", "t.txt", "--revision", "*")]
    [InlineData("CHECKPOINT", "export", "*")]
    [InlineData("--output", "export", "c", "-o", "*")]
    [InlineData("--revision", "export", "c", "--revision", "*")]
    [InlineData("DIR", "quantize", "*")]
    public async Task An_empty_path_is_wrong_input_and_the_option_is_named(string name, params string[] command)
    {
        foreach (string empty in (string[])["", " "])
        {
            var run = await ColbertProcess.Run("", [.. command.Select(argument => argument == "*" ? empty : argument)]);
            Assert.Equal(2, run.Exit);
            Assert.Contains("InputInvalid", run.Error, StringComparison.Ordinal);
            Assert.Contains($"{name} is empty: '{empty}'.", run.Error, StringComparison.Ordinal);
            Assert.Empty(run.Output);
        }
    }
}
