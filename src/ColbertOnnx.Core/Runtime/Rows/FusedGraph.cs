using ColbertOnnx.IO;
using ColbertOnnx.Onnx;

namespace ColbertOnnx.Runtime.Rows;

/// <summary>A graph as it is opened, in memory; its file stays as it is, for every ONNX Runtime to read.</summary>
/// <param name="Bytes">The graph, without the constants that lie in files.</param>
/// <param name="Folder">Of those files.</param>
internal sealed record FusedGraph(byte[] Bytes, string Folder)
{
    /// <summary>The graph as these options have it; null: as it stands in its file.</summary>
    /// <exception cref="ColbertException">The file has not the form of a graph, or asks for too much: such a one does not come to the
    /// library.</exception>
    public static FusedGraph? Read(string file, in EncoderSessionOptions options)
    {
        if (options.PackedGraph is not null) return null; // our own, and it has our operators already
        OnnxModel model = OnnxReader.Read(file);

        // Other providers do not know our operators.
        bool isOurs = options is { FuseRows: true, Optimize: true, Providers.Count: 0 } && OperatorChoice.IsOn;
        return isOurs ? Of(model, Path.GetFullPath(file), options.FuseAttention) : null;
    }

    /// <summary>
    /// The graph with our operators; null where there is no place for them, or where it is not one that can be written again: its own
    /// file is opened then.
    /// </summary>
    /// <param name="model">As it was read; it is changed.</param>
    /// <param name="file">Where from.</param>
    /// <param name="withAttention">False: attention stays.</param>
    public static FusedGraph? Of(OnnxModel model, string file, bool withAttention = true)
    {
        try
        {
            // The hub's cache has links to files that lie elsewhere, and the library follows none that leads out of the folder.
            string folder = FileLinks.Follow(file).DirectoryName!;
            bool isPerToken = model.Proto.MetadataProps.Any(entry => entry is { Key: OnnxNames.Quantization, Value: OnnxNames.PerToken });
            bool hasRows = isPerToken && RowFusion.Apply(model), hasAttention = withAttention && AttentionFusion.Apply(model);
            if (hasRows && hasAttention) ProductFusion.Apply(model);
            return hasRows || hasAttention ? new FusedGraph(OnnxWriter.ToArray(model, folder), folder) : null;
        }
        catch (Exception e) when (e is ColbertException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
