using System.Text.Json;
using ColbertOnnx.Export;
using ColbertOnnx.Modeling;
using ColbertOnnx.Onnx;

namespace ColbertOnnx.Tests.Export;

/// <summary>The graph of one checkpoint of tests/data/pylate, written to a temporary folder.</summary>
internal sealed class ExportedCase : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public ExportedCase(string name)
    {
        string checkpoint = CheckpointFolder.Of(name);
        using CheckpointWeights weights = CheckpointWeights.Open(checkpoint);
        CheckpointConfig config = CheckpointConfig.Read(checkpoint);
        Padding = config.Integer("pad_token_id", 0);
        Graph = EncoderGraph.Build(config, weights, Modules(checkpoint), normalize: true, vocabulary: 0);
        GraphPath = folder.File("model.onnx");
        OnnxWriter.Write(Graph.Model, GraphPath);
    }

    public EncoderGraph Graph { get; }

    public string GraphPath { get; }

    /// <summary>The id behind shorter texts of a batch.</summary>
    public int Padding { get; }

    public void Dispose() => folder.Dispose();

    private static List<DenseModule> Modules(string checkpoint)
    {
        string path = Path.Combine(checkpoint, "modules.json");
        if (!File.Exists(path)) return [new DenseModule(checkpoint, "", DenseModule.Identity)];
        List<DenseModule> modules = [];
        foreach (JsonElement entry in JsonDocument.Parse(File.ReadAllBytes(path)).RootElement.EnumerateArray())
        {
            if (!entry.GetProperty("type").GetString()!.EndsWith(".Dense", StringComparison.Ordinal)) continue;
            string name = entry.GetProperty("path").GetString()!, module = Path.Combine(checkpoint, name);
            JsonElement config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(module, "config.json"))).RootElement;
            modules.Add(new DenseModule(module, name, config.GetProperty("activation_function").GetString()!)
            {
                InFeatures = config.GetProperty("in_features").GetInt32(),
                OutFeatures = config.GetProperty("out_features").GetInt32(),
                Bias = config.GetProperty("bias").GetBoolean(),
                UseResidual = config.TryGetProperty("use_residual", out JsonElement residual) && residual.GetBoolean(),
            });
        }

        return modules;
    }
}
