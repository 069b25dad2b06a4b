using ColbertOnnx.IO;

namespace ColbertOnnx.Embeddings;

/// <summary>The files of an input as a manifest has them.</summary>
internal static class InputFiles
{
    private const int Blocks = 64;

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: one cannot be read.</exception>
    public static IReadOnlyList<ManifestInputFile> Of(IEnumerable<string> paths) => [.. paths.Select(Of)];

    /// <summary>The bytes of a shard.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: an input has no length.</exception>
    public static ManifestShard? ShardOf(IReadOnlyList<ManifestInputFile> files, ColbertShard? shard)
    {
        if (shard is null) return null;
        if (files.FirstOrDefault(file => file.Bytes is null) is { } pipe)
            throw new ColbertException(
                ColbertErrorId.InputInvalid, $"'{pipe.Name}' has no shards: it is not a regular file.", pipe.Name,
                "Name files, or leave the shard out.");
        (long begin, long end) = shard.Of(files.Sum(file => file.Bytes!.Value));
        return new ManifestShard(shard.Index, shard.Count, begin, end);
    }

    private static ManifestInputFile Of(string path)
    {
        // What is not a regular file gives its bytes once, to the encoder.
        if (path == "-" || RegularFile.WhyNot(path) is not null)
            return new ManifestInputFile(ShortText.Of(path == "-" ? path : Path.GetFileName(path))!, null, null, null);
        return EmbeddingErrors.Guard(path, () =>
        {
            FileInfo file = FileLinks.Follow(path);
            return new ManifestInputFile(
                ShortText.Of(Path.GetFileName(path))!, file.Length, new DateTimeOffset(file.LastWriteTimeUtc), FileDigest.Of(path, Blocks));
        });
    }
}
