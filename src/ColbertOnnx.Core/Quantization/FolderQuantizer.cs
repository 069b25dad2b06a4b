using ColbertOnnx.Embeddings;
using ColbertOnnx.Modeling;
using ColbertOnnx.Onnx;

namespace ColbertOnnx.Quantization;

/// <summary>Writes model_int8.onnx beside the model.onnx of an exported folder, whichever tool exported it.</summary>
internal static class FolderQuantizer
{
    /// <param name="path">An exported folder, or a checkpoint that was exported into its <c>onnx</c> folder.</param>
    /// <param name="force">Replace an INT8 graph that is there.</param>
    /// <param name="options">What is too small to gain by it.</param>
    /// <exception cref="ColbertException">
    /// Those of opening a model folder; <see cref="ColbertErrorId.OutputExists"/>, <see cref="ColbertErrorId.OutputFailed"/>,
    /// <see cref="ColbertErrorId.ModelInvalid"/>: the graph is quantized already, or too old.
    /// </exception>
    public static QuantizedFolder Quantize(string path, bool force = false, QuantizationOptions? options = null)
    {
        string source = ModelFolder.Open(path, new ColbertModelOptions { Quantized = false }).GraphPath;
        string target = Path.Combine(Path.GetDirectoryName(source)!, ModelFolder.QuantizedGraph);
        if (File.Exists(target) && !force) throw OutputGuard.Exists(target);
        OnnxModel model = OnnxReader.Read(source);
        QuantizationReport report = Quantizer.Quantize(model, options, source);
        OutputGuard.Run(target, () => Write(model, target));
        return new QuantizedFolder(source, target, Size(source), Size(target), report);
    }

    // A graph names its data file, so both are written under their own names, in a folder that is not complete yet.
    private static void Write(OnnxModel model, string target)
    {
        string staging = StagingName.For(target);
        try
        {
            Directory.CreateDirectory(staging);
            string written = Path.Combine(staging, Path.GetFileName(target));
            OnnxWriter.Write(model, written);
            if (File.Exists(OnnxWriter.DataOf(written))) File.Move(OnnxWriter.DataOf(written), OnnxWriter.DataOf(target), overwrite: true);
            else File.Delete(OnnxWriter.DataOf(target));
            File.Move(written, target, overwrite: true);
        }
        finally
        {
            StagingName.Delete(staging);
        }
    }

    private static long Size(string graph)
    {
        var data = new FileInfo(OnnxWriter.DataOf(graph));
        return new FileInfo(graph).Length + (data.Exists ? data.Length : 0);
    }
}
