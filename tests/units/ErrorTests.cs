namespace ColbertOnnx.Tests;

public sealed class ErrorTests
{
    [Theory]
    [InlineData(ColbertErrorId.ParityMissed, 1)]
    [InlineData(ColbertErrorId.ModelNotFound, 2)]
    [InlineData(ColbertErrorId.InputInvalid, 2)]
    [InlineData(ColbertErrorId.NativeLibraryNotFound, 3)]
    [InlineData(ColbertErrorId.OutputFailed, 3)]
    [InlineData(ColbertErrorId.OutputHeld, 75)]
    public void The_exit_code_follows_from_the_error_id(ColbertErrorId id, int exitCode) =>
        Assert.Equal(exitCode, new ColbertException(id, "message").ExitCode);
}
