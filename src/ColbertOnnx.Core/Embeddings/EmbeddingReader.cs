using ColbertOnnx.Embeddings.Arrays;
using ColbertOnnx.Inputs;
using ColbertOnnx.IO;

namespace ColbertOnnx.Embeddings;

/// <summary>Embeddings from files, one text at a time: memory holds the longest, not the file.</summary>
internal static class EmbeddingReader
{
    /// <summary>
    /// A folder of npy files, an .npy, .npz, .safetensors, .parquet, .jsonl or .ndjson: docs/embedding-files.md says which layouts. A path
    /// that is not there or stands for no format is an error at once, what is wrong inside comes when it is met.
    /// </summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>, with file and place.</exception>
    public static IEnumerable<StoredEmbedding> Read(string path, EmbeddingReaderOptions? options = null)
    {
        GivenPath.Require(path, "embeddings");
        options ??= new EmbeddingReaderOptions();
        if (Directory.Exists(path))
        {
            FolderExchange.RefuseHalf(path);
            return Kinds(ArrayEmbeddings.Read(new NpyFolderArrays(path), options), options);
        }

        InputReader.Check(path);
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".jsonl" or ".ndjson" => Kinds(JsonLinesEmbeddings.Read(path), options),
            ".npy" => Kinds(Deferred(() => NpyFile(path), options), options),
            ".npz" => Kinds(Deferred(() => new NpzArrays(path), options), options),
            ".parquet" => Kinds(((IEmbeddingFormat)ParquetAddOn.Load(path)).ReadEmbeddings(path, options), options),
            ".safetensors" => Kinds(Deferred(() => new SafetensorsArrays(path), options), options),
            var extension => throw new ColbertException(
                ColbertErrorId.InputInvalid,
                $"{path}: no format for embeddings is called '{extension}'.",
                path,
                "Name a folder of npy files, or a file that ends in .npy, .npz, .safetensors, .parquet or .jsonl."),
        };
    }

    private static IEnumerable<StoredEmbedding> Deferred(Func<IArrayFile> open, EmbeddingReaderOptions options)
    {
        foreach (StoredEmbedding embedding in ArrayEmbeddings.Read(open(), options)) yield return embedding;
    }

    /// <summary>Offsets of a matrix lie in a second file beside it.</summary>
    private static IArrayFile NpyFile(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string[] companions = [.. ArrayNames.Companions
            .SelectMany(role => new[] { $"{name}_{role}", $"{name}.{role}", role })
            .Where(other => other != name && File.Exists(Path.Combine(folder, other + ".npy")))];
        return companions.Length == 0 ? new NpyArrays(path) : new NpyFolderArrays(folder, [name, .. companions]);
    }

    private static IEnumerable<StoredEmbedding> Kinds(IEnumerable<StoredEmbedding> embeddings, EmbeddingReaderOptions options) =>
        embeddings.Select(embedding =>
            embedding.Kind is null && options.Kind is not null ? embedding with { Kind = options.Kind } : embedding);
}
