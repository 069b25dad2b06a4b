using ColbertOnnx.Export;
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
        Graph = EncoderGraph.Build(config, weights, CheckpointSettings.Read(checkpoint).Dense, normalize: true);
        GraphPath = folder.File("model.onnx");
        OnnxWriter.Write(Graph.Model, GraphPath);
    }

    public EncoderGraph Graph { get; }

    public string GraphPath { get; }

    /// <summary>The id behind shorter texts of a batch.</summary>
    public int Padding { get; }

    public void Dispose() => folder.Dispose();
}
