using ColbertOnnx.Embeddings.Zip;

namespace ColbertOnnx.Embeddings.Arrays;

/// <summary>The npy files of a zip, in the order in which they were written.</summary>
internal sealed class NpzArrays(string path) : IArrayFile
{
    private readonly ZipReader zip = ZipReader.Open(path);

    public string Path => path;

    public IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

    public IEnumerable<StoredArray> Arrays()
    {
        foreach (ZipEntry entry in zip.Entries())
        {
            if (entry.Name.EndsWith('/')) continue;
            yield return Describe(entry);
        }
    }

    public StoredArray? Find(string name)
    {
        foreach (ZipEntry entry in zip.Entries())
            if (NameOf(entry) == name) return Describe(entry);
        return null;
    }

    public void Dispose() => zip.Dispose();

    private StoredArray Describe(ZipEntry entry)
    {
        string name = NameOf(entry), location = $"{path}: {name}";
        if (!entry.Name.EndsWith(".npy", StringComparison.Ordinal)) throw EmbeddingErrors.Invalid($"{path}: {entry.Name}", "it is no npy file.", "Write the arrays with numpy.savez.");
        using Stream stream = zip.Open(entry);
        NpyHeader header = NpyHeader.Read(stream, location);
        return NpyArrays.Describe(header, name, location, entry.Length - header.Length, () =>
        {
            Stream data = zip.Open(entry);
            NpyHeader.Read(data, location);
            return data;
        });
    }

    private static string NameOf(ZipEntry entry) => entry.Name.EndsWith(".npy", StringComparison.Ordinal) ? entry.Name[..^4] : entry.Name;
}
