using ColbertOnnx.IO;

namespace ColbertOnnx.Embeddings;

/// <summary>The files of an input as a manifest has them.</summary>
internal static class InputFiles
{
    private const int Blocks = 64;

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: one cannot be read.</exception>
    public static IReadOnlyList<ManifestInputFile> Of(IEnumerable<string> paths) => [.. paths.Select(Of)];

    private static ManifestInputFile Of(string path)
    {
        // What is no regular file gives its bytes once, to who encodes them.
        if (path == "-" || RegularFile.WhyNot(path) is not null) return new ManifestInputFile(ShortText.Of(path == "-" ? path : Path.GetFileName(path))!, null, null, null);
        return EmbeddingErrors.Guard(path, () =>
        {
            FileInfo file = FileLinks.Follow(path);
            return new ManifestInputFile(ShortText.Of(Path.GetFileName(path))!, file.Length, new DateTimeOffset(file.LastWriteTimeUtc), FileDigest.Of(path, Blocks));
        });
    }
}
