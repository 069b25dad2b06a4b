namespace ColbertOnnx.Tests;

/// <summary>The checkpoints of tests/data/pylate as whole folders; tests only read there.</summary>
internal static class CheckpointFolder
{
    public static string Of(string name) => DataFolder.Of("pylate", name);
}
