using ColbertOnnx.Tests;

namespace ColbertOnnx.Fuzz;

/// <summary>One format: files to begin with, how they are spoiled, and who reads them.</summary>
/// <param name="Name">As the log has it.</param>
/// <param name="Corpus">Small valid files.</param>
/// <param name="Mutate">A spoiled copy.</param>
/// <param name="Read">Reads the bytes to their end. The folder is empty, and is emptied afterwards.</param>
internal sealed record FuzzTarget(
    string Name, IReadOnlyList<byte[]> Corpus, Func<Random, byte[], byte[]> Mutate, Action<byte[], TemporaryFolder> Read);
