namespace ColbertOnnx.Cli.Streams;

/// <summary>Who read our standard output has gone.</summary>
internal sealed class OutputClosedException(Exception? inner = null) : Exception("Standard output was closed.", inner);
