namespace ColbertOnnx.IO;

/// <summary>Turns what a file system refuses into the error that names the output.</summary>
internal static class OutputGuard
{
    public static void Run(string target, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ColbertException(
                ColbertErrorId.OutputFailed, $"'{target}' could not be written: {e.Message}", target,
                "Check the folder's rights and the free space, or choose another output.", e);
        }
    }

    public static ColbertException Exists(string target) =>
        new(
            ColbertErrorId.OutputExists, $"'{target}' exists already.", target,
            "Choose another output, or replace it with -Force (--force).");
}
