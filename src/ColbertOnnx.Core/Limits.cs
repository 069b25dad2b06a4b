namespace ColbertOnnx;

/// <summary>What a file or a server may ask for, at most. docs/security.md lists each; the error that one gives names it.</summary>
internal static class Limits
{
}
