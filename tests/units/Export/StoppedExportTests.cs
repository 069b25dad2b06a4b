using ColbertOnnx.Export;
using ColbertOnnx.Onnx;
using ColbertOnnx.Quantization;

namespace ColbertOnnx.Tests.Export;

/// <summary>A stop is seen while a graph is built, changed and written, and not only between these.</summary>
public sealed class StoppedExportTests : IDisposable
{
    private static readonly CancellationToken Stopped = new(canceled: true);

    private readonly TemporaryFolder folder = new();

    private static OnnxModel Model => OnnxReader.Read(TestData.Path("onnx", "bert-base", "model.onnx"));

    [Fact]
    public void A_graph_in_the_making_stops_at_its_next_operator()
    {
        string checkpoint = CheckpointFolder.Of("bert-base");
        using CheckpointWeights weights = CheckpointWeights.Open(checkpoint);
        CheckpointConfig config = CheckpointConfig.Read(checkpoint);
        Assert.Throws<OperationCanceledException>(
            () => EncoderGraph.Build(config, weights, [], normalize: true, cancellation: Stopped));
    }

    [Fact]
    public void Quantizing_stops_at_the_next_operator_and_halving_at_the_next_constant()
    {
        OnnxModel quantized = Model, halved = Model;
        Assert.Throws<OperationCanceledException>(() => Quantizer.Quantize(quantized, cancellation: Stopped));
        Assert.Throws<OperationCanceledException>(() => { HalfPrecision.Apply(halved, Stopped); });
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(OnnxWriter.InlineLimit)]
    public void A_file_in_the_making_stops_at_its_next_constant(long inlineLimit)
    {
        using var stop = new CancellationTokenSource();
        OnnxModel model = Model;
        int written = 0;
        foreach (OnnxTensor tensor in model.Initializers.ToArray())
        {
            // Smaller ones stay in the graph.
            if (tensor.Type != OnnxElementType.Float || tensor.ElementCount < 256) continue;
            int count = (int)tensor.ElementCount;
            var data = new ComputedTensorData(count * sizeof(float), () =>
            {
                written++;
                stop.Cancel();
                return new float[count];
            });
            model.Add(tensor with { Data = data });
        }

        Assert.Throws<OperationCanceledException>(() => OnnxWriter.Write(model, folder.File("model.onnx"), inlineLimit, stop.Token));
        Assert.Equal(1, written);
    }

    public void Dispose() => folder.Dispose();
}
