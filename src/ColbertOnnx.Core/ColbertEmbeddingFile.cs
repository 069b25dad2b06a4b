using ColbertOnnx.Embeddings;

namespace ColbertOnnx;

/// <summary>
/// Embeddings as files: a folder of npy files, .npz, .safetensors, .parquet (with ColbertOnnx.Parquet) or .jsonl, by the name.
/// docs/embedding-files.md describes the layouts; NumPy and the safetensors package read them as they are.
/// </summary>
public static class ColbertEmbeddingFile
{
    /// <summary>
    /// The embeddings of a file or folder in their order, one at a time: memory holds the longest. Also layouts that others write: a list
    /// of arrays, an array with offsets, padded arrays; float16, float64 and integers become float32. A text that the file lacks is empty,
    /// its source is its place in the file, and its model's name comes from the file or the manifest beside it (<see cref="RunManifest"/>).
    /// </summary>
    /// <param name="path">A folder, or a file that ends in .npy, .npz, .safetensors, .parquet, .jsonl or .ndjson.</param>
    /// <param name="kind">The kind of texts whose kind the file does not say.</param>
    /// <param name="notice">
    /// Receives what of the file is skipped because it is not an array, and by what it differs from the manifest beside it (length
    /// and number of embeddings; it is not hashed), a sentence each.
    /// </param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>, with the place in the file.</exception>
    public static IEnumerable<ColbertEmbedding> Read(string path, TextKind kind = TextKind.Document, Action<string>? notice = null) =>
        Named(
            path, EmbeddingReader.Read(path, new EmbeddingReaderOptions { Notice = notice }).Select(stored => stored.ToEmbedding(kind)),
            notice);

    /// <summary>As <see cref="Read(string, TextKind, Action{string}?)"/>, with what the file itself does not say.</summary>
    /// <param name="path">A folder, or a file that ends in .npy, .npz, .safetensors, .parquet, .jsonl or .ndjson.</param>
    /// <param name="options">Texts of another file, and the kind of texts: documents where neither says it.</param>
    /// <inheritdoc cref="Read(string, TextKind, Action{string}?)"/>
    public static IEnumerable<ColbertEmbedding> Read(string path, EmbeddingReaderOptions options) =>
        Named(path, EmbeddingReader.Read(path, options).Select(stored => stored.ToEmbedding()), options?.Notice);

    /// <summary>Writes embeddings as they come. The file gets its name when all are in it; until then what was there stays.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="ColbertException">
    /// <see cref="ColbertErrorId.OutputExists"/>, <see cref="ColbertErrorId.OutputFailed"/>, <see cref="ColbertErrorId.InputInvalid"/> for
    /// a name that stands for no format.
    /// </exception>
    public static long Write(string path, IEnumerable<ColbertEmbedding> embeddings, ColbertEmbeddingFileOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        using var writer = new ColbertEmbeddingWriter(path, options);
        foreach (ColbertEmbedding embedding in embeddings) writer.Write(embedding);
        writer.Complete();
        return writer.Count;
    }

    private static IEnumerable<ColbertEmbedding> Named(string path, IEnumerable<ColbertEmbedding> embeddings, Action<string>? notice)
    {
        ManifestBeside[] manifests = ManifestBeside.Of(path, notice);
        foreach (ColbertEmbedding embedding in embeddings)
        {
            ManifestBeside manifest = manifests[(int)embedding.Kind];
            manifest.Count();
            embedding.ModelId ??= manifest.Model;
            yield return embedding;
        }

        foreach (ManifestBeside manifest in manifests.Distinct()) manifest.End();
    }
}
