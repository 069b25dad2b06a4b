namespace ColbertOnnx.Embeddings;

/// <summary>
/// Which part of its input a run has read. Places are bytes of the input's files, laid one behind the other, and a record belongs to the
/// shard in which it begins (<see cref="Inputs.InputReader.Divide"/>). So the first shard starts at 0, each starts where the one before it
/// ends, and the last ends with the last file.
/// </summary>
/// <param name="Index">From 1 to <paramref name="Count"/>.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Start">The first byte.</param>
/// <param name="End">The byte behind the last.</param>
public sealed record ManifestShard(int Index, int Count, long Start, long End)
{
    /// <summary>One line for people.</summary>
    public override string ToString() => FormattableString.Invariant($"shard {Index} of {Count}, bytes {Start} to {End}");
}
