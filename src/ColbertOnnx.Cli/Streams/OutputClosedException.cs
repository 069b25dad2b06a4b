namespace ColbertOnnx.Cli.Streams;

/// <summary>The reader of our standard output has gone.</summary>
internal sealed class OutputClosedException(Exception? inner = null) : Exception("Standard output was closed.", inner);
