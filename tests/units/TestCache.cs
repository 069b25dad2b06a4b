using System.Runtime.CompilerServices;

namespace ColbertOnnx.Tests;

/// <summary>Tests, and the processes that they start, leave the user's cache alone.</summary>
internal static class TestCache
{
    [ModuleInitializer]
    internal static void Use()
    {
        const string Variable = "COLBERT_CACHE";
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)))
            Environment.SetEnvironmentVariable(Variable, Path.Combine(Path.GetTempPath(), "colbert-tests-cache"));
    }
}
