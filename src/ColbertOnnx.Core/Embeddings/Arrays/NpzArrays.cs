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

    public IEnumerable<string> Names() => zip.Entries().Select(NameOf);

    public StoredArray? Find(string name)
    {
        foreach (ZipEntry entry in zip.Entries())
            if (NameOf(entry) == name && IsNpy(entry)) return Describe(entry);
        return null;
    }

    public void Dispose() => zip.Dispose();

    private StoredArray Describe(ZipEntry entry)
    {
        string name = NameOf(entry), location = $"{path}: {name}";
        if (!IsNpy(entry)) return StoredArray.None(entry.Name, location, "it is not an npy file");
        using Stream stream = zip.Open(entry);
        NpyHeader header = NpyHeader.Read(stream, location);
        StoredArray array = NpyArrays.Describe(header, name, location, entry.Length - header.Length, () =>
        {
            Stream data = zip.Open(entry);
            NpyHeader.Read(data, location);
            return data;
        });
        return array with { PackedBytes = entry.Method == ZipFormat.Stored ? null : entry.CompressedLength };
    }

    private static bool IsNpy(ZipEntry entry) => entry.Name.EndsWith(".npy", StringComparison.Ordinal);

    private static string NameOf(ZipEntry entry) => IsNpy(entry) ? entry.Name[..^4] : entry.Name;
}
