namespace ColbertOnnx;

/// <summary>What a file or a server may ask for, at most. docs/security.md lists each; the error that one gives names it.</summary>
internal static class Limits
{
    /// <summary>Threads inside one operator, for each CPU that the process may use.</summary>
    public const int ThreadsPerCpu = 4;
}
