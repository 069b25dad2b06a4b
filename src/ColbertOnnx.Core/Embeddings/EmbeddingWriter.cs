namespace ColbertOnnx.Embeddings;

/// <summary>Chooses the format by the name of the output.</summary>
internal static class EmbeddingWriter
{
    /// <summary>The type of an output when none is given.</summary>
    public static EmbeddingType DefaultType(string path) =>
        Inputs.ParquetAddOn.IsParquet(path) ? EmbeddingType.Float16 : EmbeddingType.Float32;

    /// <summary>Whether an output is a folder, there or not yet.</summary>
    /// <param name="path">As it was named.</param>
    /// <param name="full">What that leads to.</param>
    public static bool IsFolder(string path, string full) =>
        Directory.Exists(full) || Path.EndsInDirectorySeparator(path) || Path.GetExtension(Path.GetFullPath(path)).Length == 0;

    /// <summary>
    /// A folder of npy files, an .npz, .safetensors, .parquet or .jsonl. Written under another name beside it and moved at the end.
    /// </summary>
    /// <exception cref="ColbertException">
    /// <see cref="ColbertErrorId.OutputExists"/>, <see cref="ColbertErrorId.OutputFailed"/>, <see cref="ColbertErrorId.InputInvalid"/> for
    /// a name that stands for no format, or a format that does not know the layout.
    /// </exception>
    public static StagedWriter Open(string path, EmbeddingWriterOptions options = default)
    {
        string full = OutputTarget.Of(path), extension = Path.GetExtension(Path.GetFullPath(path)).ToLowerInvariant();
        bool isFolder = IsFolder(path, full);
        if (options.Layout == EmbeddingLayout.Flat && (isFolder || extension != ".safetensors"))
        {
            throw new ColbertException(
                ColbertErrorId.InputInvalid,
                $"{path}: only safetensors has all texts in one tensor; other formats have an array for each.", full,
                "Leave the layout away, or name a file that ends in .safetensors.");
        }

        if (isFolder) return new NpyFolder(full, options);
        return extension switch
        {
            ".npz" => new NpzFile(full, options),
            ".safetensors" => new SafetensorsWriter(full, options),
            ".jsonl" or ".ndjson" => new JsonLinesFile(full, options),
            ".parquet" => ((IEmbeddingFormat)Inputs.ParquetAddOn.Load(path)).OpenWriter(full, options),
            _ => throw new ColbertException(
                ColbertErrorId.InputInvalid,
                $"No format for embeddings is called '{extension}'.",
                full,
                "Name a folder (an npy file for each text), a file that ends in .npz, .safetensors, .parquet or .jsonl, or end a "
                    + "folder's name with a slash."),
        };
    }
}
