using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;
using ColbertOnnx.Quantization;
using ColbertOnnx.Runtime;
using Google.Protobuf;

namespace ColbertOnnx.Tests.Onnx;

/// <summary>
/// Graphs with a few changes of their structure: whatever they are, quantizing and opening them succeeds or is an error in our words.
/// </summary>
public sealed class GraphMutationTests : IDisposable
{
    private const int Rounds = 200;

    private readonly TemporaryFolder folder = new();

    [Fact]
    public void A_changed_graph_is_quantized_or_refused()
    {
        (int done, int refused) = Try("model.onnx", (file, target) =>
        {
            OnnxModel model = OnnxReader.Read(file);
            Quantizer.Quantize(model, file: file);
            OnnxWriter.Write(model, target);
        });
        Assert.True(done > Rounds / 10 && refused > Rounds / 10, $"{done} quantized, {refused} refused");
    }

    [Fact]
    public void A_changed_graph_with_INT8_rows_is_opened_or_refused()
    {
        OnnxModel model = OnnxReader.Read(TestData.Path("onnx", "bert-base", "model.onnx"));
        Quantizer.Quantize(model);
        OnnxWriter.Write(model, folder.File("int8.onnx"));
        (int done, int refused) = Try(
            folder.File("int8.onnx"), (file, _) => OrtEncoderSession.Open(file, new EncoderSessionOptions()).Dispose());
        Assert.True(done > Rounds / 40 && refused > Rounds / 10, $"{done} opened, {refused} refused");
    }

    public void Dispose() => folder.Dispose();

    private (int Done, int Refused) Try(string name, Action<string, string> work)
    {
        ModelProto original =
            ModelProto.Parser.ParseFrom(File.ReadAllBytes(Path.IsPathRooted(name) ? name : TestData.Path("onnx", "bert-base", name)));
        string file = folder.File("model.onnx"), target = folder.File("out.onnx");
        folder.With("model.onnx.data", new string('x', 5000));
        if (!OperatingSystem.IsWindows()) File.CreateSymbolicLink(folder.File("link"), "/etc/hostname");
        int done = 0, refused = 0;
        for (int seed = 0; seed < Rounds; seed++)
        {
            File.WriteAllBytes(file, GraphMutation.Of(original, seed).ToByteArray());
            try
            {
                work(file, target);
                done++;
            }
            catch (ColbertException e)
            {
                Assert.True(e.Id is ColbertErrorId.ModelInvalid or ColbertErrorId.ModelIncomplete, $"seed {seed}: {e.Id}: {e.Message}");
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e}");
            }
        }

        return (done, refused);
    }
}
