namespace ColbertOnnx.Embeddings;

/// <summary>A file of an input as a manifest has it. What can be read only once, a pipe or standard input, has a name alone.</summary>
/// <param name="Name">Its name, without the folders above; "-" is standard input.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Modified">When it was changed last.</param>
/// <param name="Digest">Of the whole file up to 4 MB, of a larger one of 64 blocks of 4 KB, evenly spread.</param>
public sealed record ManifestInputFile(string Name, long? Bytes, DateTimeOffset? Modified, string? Digest)
{
    /// <summary>One line for people.</summary>
    public override string ToString() => ShownText.Of(Bytes is { } bytes ? FormattableString.Invariant($"{Name}, {bytes} bytes") : Name);
}
