namespace ColbertOnnx.Tests;

/// <summary>
/// For tests that measure time or the memory of the process: they run one after the other when all others are done. Beside others their
/// numbers would be those of the machine's load.
/// </summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
