using System.Text;

namespace ColbertOnnx.Runtime;

/// <summary>
/// A folder of the cache: the packed graph, its data, and a seal that was written last. The seal says in plain text for what they were
/// made and what they were then; it is compared with what it would be now.
/// </summary>
internal sealed class WeightsEntry(string folder, WeightsKey key)
{
    public const string SealFile = "seal.txt";

    public string Folder { get; } = folder;

    public WeightsKey Key { get; } = key;

    public string Graph => Path.Combine(Folder, "model.onnx");

    private string SealPath => Path.Combine(Folder, SealFile);

    public WeightsState Check()
    {
        if (!File.Exists(SealPath)) return WeightsState.Broken;
        string seal = File.ReadAllText(SealPath);
        if (seal == UnusableText) return WeightsState.Unusable;
        return File.Exists(Graph) && seal == WholeText() ? WeightsState.Whole : WeightsState.Broken;
    }

    public void Seal(WeightsState state)
    {
        if (state == WeightsState.Unusable)
        {
            foreach (string file in Directory.EnumerateFiles(Folder)) File.Delete(file);
        }

        File.WriteAllText(SealPath, state == WeightsState.Unusable ? UnusableText : WholeText());
    }

    /// <summary>Notes that it was used. Who may only read does not count.</summary>
    public void Touch()
    {
        try
        {
            File.SetLastWriteTimeUtc(SealPath, DateTime.UtcNow);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    private string UnusableText => Key.Text + "not to be used\n";

    private string WholeText()
    {
        var text = new StringBuilder(Key.Text);
        foreach (string file in Directory.EnumerateFiles(Folder).Where(file => Path.GetFileName(file) != SealFile).Order(StringComparer.Ordinal))
            text.Append(Path.GetFileName(file)).Append(' ').Append(new FileInfo(file).Length).Append(' ').Append(FileDigest.Of(file)).Append('\n');
        return text.ToString();
    }
}
