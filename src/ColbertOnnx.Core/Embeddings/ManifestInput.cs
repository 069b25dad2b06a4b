namespace ColbertOnnx.Embeddings;

/// <summary>The texts of a run.</summary>
/// <param name="Files">All files of the input in their order, also those of which a shard reads nothing.</param>
/// <param name="Hash">Of the texts that this run has read and of their ids, in order.</param>
public sealed record ManifestInput(IReadOnlyList<ManifestInputFile> Files, string Hash)
{
    /// <summary>One line for people.</summary>
    public override string ToString() => ShownText.Of(string.Join(", ", Files.Select(file => file.Name)));
}
