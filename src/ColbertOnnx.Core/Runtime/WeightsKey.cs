using System.Text;
using ColbertOnnx.IO;
using ColbertOnnx.Native;
using ColbertOnnx.Native.Operators;
using ColbertOnnx.Onnx;
using ColbertOnnx.Runtime.Rows;

namespace ColbertOnnx.Runtime;

/// <summary>What packed weights depend on, as text, and the name that follows from it.</summary>
/// <param name="Text">Lines: our format, the library and how it is built, the CPU, and each file of the model.</param>
/// <param name="Bytes">Bytes of the model.</param>
internal sealed record WeightsKey(string Text, long Bytes)
{
    /// <summary>Raise it when entries are made in another way: other options of the session, other files.</summary>
    private const int Format = 8;

    /// <summary>How each seal begins: by that an entry is known as ours.</summary>
    public const string Mark = "packed weights ";

    public string Name { get; } = NameOf(Text);

    /// <summary>The key of a graph with its data; null when it is too small, or when a file of it is missing.</summary>
    /// <exception cref="ColbertException">A data file is outside of its folder.</exception>
    public static WeightsKey? Of(string file, long smallest)
    {
        string graph = Path.GetFullPath(file);
        FileInfo[] files = [FileLinks.Follow(graph), .. ExternalFiles.Of(graph).Select(name => ExternalData.Resolve(graph, name))];
        if (!files.All(f => f.Exists) || files.Sum(f => f.Length) < smallest) return null;
        var text = new StringBuilder()
            .Append(Mark).Append(Format).Append('\n')
            .Append("ONNX Runtime ").Append(OrtLibrary.Loaded.Version).Append(", ").Append(OrtLibrary.Loaded.Build.ReplaceLineEndings(" "))
            .Append('\n')
            .Append(OrtLibraryLocator.Platform).Append(' ').Append(CpuFeatures.Text).Append('\n')
            .Append(!OperatorChoice.IsOn ? "ONNX Runtime's operators alone\n"
                : AttentionRowsOperator.IsSupported ? "attention of ours\n"
                : "");
        foreach (FileInfo f in files)
            text.Append(f.FullName).Append(' ').Append(f.Length).Append(' ').Append(f.LastWriteTimeUtc.Ticks).Append(' ')
                .Append(FileDigest.Of(f.FullName)).Append('\n');
        return new WeightsKey(text.ToString(), files.Sum(f => f.Length));
    }

    private static string NameOf(string text)
    {
        var hash = new ContentHash();
        hash.Add(Encoding.UTF8.GetBytes(text));
        return hash.ToString();
    }
}
