using ColbertOnnx.Onnx;
using ColbertOnnx.Quantization;
using ColbertOnnx.Tests.Export;

namespace ColbertOnnx.Tests.Quantization;

public sealed class HalfPrecisionTests
{
    [Fact]
    public void Weights_that_are_float16_already_give_the_same_bits_in_half_the_bytes()
    {
        using var exported = new ExportedCase("bert-fp16");
        using var folder = new TemporaryFolder();
        string file = folder.File("model.onnx");
        OnnxModel model = OnnxReader.Read(exported.GraphPath);
        Assert.True(HalfPrecision.Apply(model) >= 12);
        OnnxWriter.Write(model, file);
        Assert.InRange(new FileInfo(file).Length, 0, new FileInfo(exported.GraphPath).Length * 0.75);
        Assert.DoesNotContain(
            model.Initializers, tensor => tensor.Type == OnnxElementType.Float && tensor.Shape.Count >= 2 && tensor.ElementCount >= 1024);

        using ReferenceCase reference = ReferenceCase.Load("bert-fp16");
        Assert.Equal(Rows(exported.GraphPath, reference), Rows(file, reference));
    }

    [Fact]
    public void Of_an_embedding_table_only_the_rows_that_are_read_are_widened()
    {
        using var exported = new ExportedCase("bert-base");
        OnnxModel model = OnnxReader.Read(exported.GraphPath);
        HalfPrecision.Apply(model);
        string table = model.Initializers.Single(tensor => tensor.Name.Contains("word_embeddings", StringComparison.Ordinal)).Name;
        Assert.Equal(["Gather"], model.Graph.Node.Where(node => node.Input.Contains(table)).Select(node => node.OpType));
    }

    [Fact]
    public void Numbers_that_float16_does_not_hold_stay_float32()
    {
        using var exported = new ExportedCase("bert-base");
        OnnxModel model = OnnxReader.Read(exported.GraphPath);
        OnnxTensor words = model.Initializers.Single(tensor => tensor.Name.Contains("word_embeddings", StringComparison.Ordinal));
        float[] values = new float[words.ElementCount];
        values[^1] = -65_505;
        model.Add(words with { Data = MemoryTensorData.Of<float>(values) });
        HalfPrecision.Apply(model);
        Assert.Equal(OnnxElementType.Float, model.Find(words.Name)!.Type);
    }

    private static float[] Rows(string file, ReferenceCase reference)
    {
        using var session = ColbertOnnx.Runtime.OrtEncoderSession.Open(file, new ColbertOnnx.Runtime.EncoderSessionOptions());
        return new QuantizedRun(session, reference.Runs.First(run => run.HasRows)).Unbatched(0);
    }
}
