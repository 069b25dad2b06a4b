namespace ColbertOnnx.Embeddings;

/// <summary>Chooses the format by the name of the output.</summary>
internal static class EmbeddingWriter
{
    /// <summary>
    /// A folder of npy files, an .npz or a .jsonl. Written under another name beside it and moved at the end.
    /// </summary>
    /// <exception cref="ColbertException">
    /// <see cref="ColbertErrorId.OutputExists"/>, <see cref="ColbertErrorId.OutputFailed"/>, <see cref="ColbertErrorId.InputInvalid"/> for a name that stands for no format.
    /// </exception>
    public static IEmbeddingWriter Open(string path, EmbeddingWriterOptions options = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full) || Path.EndsInDirectorySeparator(path)) return new NpyFolderWriter(Path.TrimEndingDirectorySeparator(full), options);
        return Path.GetExtension(full).ToLowerInvariant() switch
        {
            "" => new NpyFolderWriter(full, options),
            ".npz" => new FileWriter(full, options, stream => new NpzWriter(stream)),
            ".jsonl" or ".ndjson" => new FileWriter(full, options, stream => new JsonLinesWriter(stream)),
            var extension => throw new ColbertException(
                ColbertErrorId.InputInvalid,
                $"No format for embeddings is called '{extension}'.",
                full,
                "Name a folder (an npy file for each text), a file that ends in .npz or .jsonl, or end a folder's name with a slash."),
        };
    }
}
