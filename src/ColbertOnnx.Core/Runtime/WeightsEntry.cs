using System.Text;
using ColbertOnnx.IO;
using Microsoft.Win32.SafeHandles;

namespace ColbertOnnx.Runtime;

/// <summary>
/// A folder of the cache: the packed graph, its data, and a seal that was written last. The seal says in plain text for what they were
/// made and what they were then; it is compared with what it would be now. Other files in the folder do not count.
/// </summary>
internal sealed class WeightsEntry(string folder, WeightsKey key)
{
    public const string SealFile = "seal.txt";
    public const string GraphFile = "model.onnx";
    public const string DataFile = GraphFile + ".data";

    private string dataSum = "";

    public string Folder { get; } = folder;

    public WeightsKey Key { get; } = key;

    public string Graph => Path.Combine(Folder, GraphFile);

    private string Data => Path.Combine(Folder, DataFile);

    private string SealPath => Path.Combine(Folder, SealFile);

    /// <summary>Compares everything but the bytes of the data, which are many: <see cref="IsDataWhole"/>.</summary>
    public WeightsState Check()
    {
        string[] paths = [Folder, SealPath, Graph, Data];
        if (paths.Any(path => Path.Exists(path) && !Ownership.IsUsers(path) && Ownership.WhyNot(path) is not null))
            return WeightsState.Foreign;
        if (!File.Exists(SealPath) || paths[1..].Any(path => RegularFile.WhyNot(path) is not null)
            || paths.Any(path => Ownership.WhyNot(path) is not null))
            return WeightsState.Broken;
        string seal = File.ReadAllText(SealPath);
        if (seal == UnusableText) return WeightsState.Unusable;
        dataSum = seal.TrimEnd('\n')[(seal.TrimEnd('\n').LastIndexOf(' ') + 1)..];
        return File.Exists(Graph) && File.Exists(Data) && seal == WholeText() ? WeightsState.Whole : WeightsState.Broken;
    }

    /// <summary>Reads all of the data.</summary>
    public bool IsDataWhole() => FileSum.Of(Data) == dataSum;

    /// <summary>From here on the folder is known as ours, whatever becomes of it.</summary>
    public void Begin() => Write(WeightsKey.Mark + "being made\n");

    /// <summary>Its files are on the disk before the seal says that they are.</summary>
    public void Seal(WeightsState state)
    {
        if (state == WeightsState.Whole && !File.Exists(Data)) state = WeightsState.Unusable;
        foreach (string file in (string[])[Graph, Data])
        {
            if (state == WeightsState.Unusable) File.Delete(file);
            else Flush(file);
        }

        if (state == WeightsState.Whole) dataSum = FileSum.Of(Data);
        Write(state == WeightsState.Unusable ? UnusableText : WholeText());
        Ownership.Close(SealPath);
    }

    /// <summary>Notes that it was used, where that may be written.</summary>
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

    /// <summary>It is not taken for whole any more, even where it cannot be moved away because it is in use.</summary>
    public void Unseal() => Write(WeightsKey.Mark + "damaged\n");

    private string UnusableText => Key.Text + "not to be used\n";

    private string WholeText() =>
        $"{Key.Text}{GraphFile} {new FileInfo(Graph).Length} {FileSum.Of(Graph)}\n{DataFile} {new FileInfo(Data).Length} {dataSum}\n";

    private static void Flush(string file)
    {
        Ownership.Close(file);
        using SafeFileHandle handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(handle);
    }

    private void Write(string text)
    {
        using var file = new FileStream(SealPath, FileMode.Create, FileAccess.Write);
        file.Write(Encoding.UTF8.GetBytes(text));
        file.Flush(flushToDisk: true);
    }
}
