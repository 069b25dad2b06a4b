using ColbertOnnx.Onnx;
using ColbertOnnx.Quantization;

namespace ColbertOnnx.Runtime.Rows;

/// <summary>A graph as it is opened, in memory; its file stays as it is, for every ONNX Runtime to read.</summary>
/// <param name="Bytes">The graph, without the constants that lie in files.</param>
/// <param name="Folder">Of those files.</param>
internal sealed record FusedGraph(byte[] Bytes, string Folder)
{
    /// <summary>The graph with our operators; null where it is not INT8 per token, or not one that we can read: that is for the library to say.</summary>
    public static FusedGraph? Of(string file)
    {
        try
        {
            // The hub's cache has links to files that lie elsewhere, and the library follows none that leads out of the folder.
            string folder = FileLinks.Follow(file).DirectoryName!;
            OnnxModel model = OnnxReader.Read(file);
            if (!model.Proto.MetadataProps.Any(entry => entry is { Key: Quantizer.Key, Value: Quantizer.PerToken }) || !RowFusion.Apply(model)) return null;
            return new FusedGraph(OnnxWriter.ToArray(model, folder), folder);
        }
        catch (Exception e) when (e is ColbertException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Of arguments: a node without the inputs that its operator has.
            return null;
        }
    }
}
