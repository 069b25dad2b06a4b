namespace ColbertOnnx.Embeddings.Arrays;

/// <summary>The npy files of a folder, by their names; numbers in names count by their value. Memory holds the names.</summary>
/// <param name="chosen">Only these, without their extension; null: all.</param>
internal sealed class NpyFolderArrays(string path, IReadOnlyList<string>? chosen = null) : IArrayFile
{
    public string Path => path;

    public IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

    public IEnumerable<StoredArray> Arrays()
    {
        IReadOnlyList<string> names = FindNames();
        if (names.Count == 0 && !HoldsTexts())
            throw EmbeddingErrors.Invalid(
                path, "there is no npy file in the folder.", "Name the folder that holds them, or a file of embeddings.");
        return names.SelectMany(Arrays);
    }

    public IEnumerable<string> Names() => FindNames();

    // A run without embeddings leaves its file of texts alone.
    private bool HoldsTexts() => Enum.GetValues<TextKind>().Any(kind => File.Exists(System.IO.Path.Combine(path, TextSource.FileOf(kind))));

    private IReadOnlyList<string> FindNames()
    {
        if (chosen is not null) return chosen;
        List<string> names = EmbeddingErrors.Guard(
            path,
            () => Directory.EnumerateFiles(path, "*.npy").Select(file => System.IO.Path.GetFileNameWithoutExtension(file))
                .Where(name => name.Length > 0 && name[0] != '.').ToList());
        names.Sort(NaturalOrder.Instance);
        return names;
    }

    public StoredArray? Find(string name)
    {
        string file = System.IO.Path.Combine(path, name + ".npy");
        return File.Exists(file) ? new NpyArrays(file).Arrays().First() : null;
    }

    public void Dispose()
    {
    }

    private IEnumerable<StoredArray> Arrays(string name) => new NpyArrays(System.IO.Path.Combine(path, name + ".npy")).Arrays();
}
