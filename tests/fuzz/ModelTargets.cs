using ColbertOnnx.Modeling;
using ColbertOnnx.Onnx;
using ColbertOnnx.Quantization;
using ColbertOnnx.Runtime;
using ColbertOnnx.Runtime.Rows;
using ColbertOnnx.Tests;

namespace ColbertOnnx.Fuzz;

/// <summary>The files of a model folder and of a checkpoint.</summary>
internal static class ModelTargets
{
    private static readonly string[] CheckpointFiles =
        [
            "config.json", "modules.json", "1_Dense/config.json", "config_sentence_transformers.json", "sentence_bert_config.json",
            "tokenizer_config.json",
        ];

    private static readonly string[] SettingsFiles = [ModelFiles.Settings, "config_sentence_transformers.json"];

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        .. SettingsFiles.Select(name => new FuzzTarget(
            $"settings-{name}", [Settings(name)], JsonMutator.Mutate, (bytes, folder) => ReadSettings(bytes, folder, name))),
        new("graph", [Graph(ModelFiles.Graph), Graph(ModelFiles.QuantizedGraph)], GraphMutator.Mutate, ReadGraph),
        new("opened-graph", [Graph(ModelFiles.Graph), Graph(ModelFiles.QuantizedGraph)], GraphMutator.Mutate, OpenGraph),
        .. CheckpointFiles.Select(name => new FuzzTarget(
            $"checkpoint-{name}", [File.ReadAllBytes(Path.Combine([Checkpoint, .. name.Split('/')]))], JsonMutator.Mutate,
            (bytes, folder) => Export(bytes, folder, name))),
    ];

    private static string Checkpoint => TestData.Path("pylate", "bert-base");

    private static byte[] Graph(string name) => File.ReadAllBytes(TestData.Path("onnx", "bert-base", name));

    private static byte[] Settings(string name) =>
        File.ReadAllBytes(name == ModelFiles.Settings
            ? TestData.Path("onnx", "bert-base", name)
            : TestData.Path("pylate", "bert-base", name));

    private static void ReadSettings(byte[] bytes, TemporaryFolder folder, string name)
    {
        File.CreateSymbolicLink(folder.File(ModelFiles.Graph), TestData.Path("onnx", "bert-base", ModelFiles.Graph));
        File.CreateSymbolicLink(folder.File(ModelFiles.Tokenizer), TestData.Path("onnx", "bert-base", ModelFiles.Tokenizer));
        File.WriteAllBytes(folder.File(name), bytes);
        _ = ModelFolder.Open(folder.Path, new ColbertModelOptions()).Resolve();
    }

    /// <summary>What this product itself makes of a graph: it is read, fused, quantized and written again.</summary>
    private static void ReadGraph(byte[] bytes, TemporaryFolder folder)
    {
        string file = folder.File(ModelFiles.Graph);
        File.WriteAllBytes(file, bytes);
        _ = FusedGraph.Of(OnnxReader.Read(file), file);
        OnnxModel model = OnnxReader.Read(file);
        Quantizer.Quantize(model, file: file);
        OnnxWriter.Write(model, folder.File(ModelFiles.QuantizedGraph));
    }

    private static void OpenGraph(byte[] bytes, TemporaryFolder folder)
    {
        string file = folder.File(ModelFiles.Graph);
        File.WriteAllBytes(file, bytes);
        using OrtEncoderSession session = OrtEncoderSession.Open(file, new EncoderSessionOptions());
        _ = session.Dimension;
    }

    private static void Export(byte[] bytes, TemporaryFolder folder, string name)
    {
        folder.CopyAll(Checkpoint);
        File.WriteAllBytes(folder.File(name), bytes);
        ColbertExporter.Export(folder.Path, folder.File("exported"), new ColbertExportOptions { Verify = false });
    }
}
