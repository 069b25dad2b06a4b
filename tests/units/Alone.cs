namespace ColbertOnnx.Tests;

/// <summary>
/// For tests that measure the memory of the process, compare speeds, or change what belongs to the process: they run one after the other
/// when all others are done. One that only watches a clock needs the trait Kind=Timed and no more: tests/timed.runsettings runs nothing
/// beside it.
/// </summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
