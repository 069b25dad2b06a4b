using ColbertOnnx.Modeling;
using ColbertOnnx.Pipeline;
using ColbertOnnx.Runtime;

namespace ColbertOnnx.Tests.Quantization;

/// <summary>
/// INT8 graphs of other tools, with one scale for all that a batch holds: padding and neighbours would change a text's vectors.
/// </summary>
public sealed class SharedScaleTests
{
    private static readonly string[] Texts =
    [
        .. Enumerable.Range(0, 24).Select(i => string.Join(' ', Enumerable.Range(0, i % 9).Select(word => $"word{word * i}"))),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("bert-base", "model.onnx")]
    [InlineData("bert-base", "model_int8.onnx")]
    [InlineData("xlmr-base", "model_int8.onnx")]
    public void A_text_s_vectors_are_its_own_whatever_the_file_s_name_and_the_batch_size(string name, string file)
    {
        using TemporaryFolder folder = new TemporaryFolder().Copy(TestData.Path("onnx", name));
        File.Delete(folder.File("model.onnx"));
        File.Move(folder.File("model_int8.onnx"), folder.File(file));

        using ColbertModel alone = ColbertModel.Load(folder.Path);
        foreach (int? batchSize in (int?[])[null, 5])
        {
            using ColbertModel model = ColbertModel.Load(folder.Path, new ColbertModelOptions { BatchSize = batchSize });
            IReadOnlyList<ColbertEmbedding> together =
            [
                .. model.EncodeDocuments(Texts, cancellation: Token), .. model.EncodeQueries(Texts, cancellation: Token),
            ];
            for (int i = 0; i < together.Count; i++)
            {
                string[] text = [together[i].Text];
                ColbertEmbedding expected = (together[i].Kind == TextKind.Query
                    ? alone.EncodeQueries(text, cancellation: Token)
                    : alone.EncodeDocuments(text, cancellation: Token))[0];
                Assert.Equal(expected.Values.ToArray(), together[i].Values.ToArray());
            }

            Assert.Equal(batchSize > 1 ? 1 : 0, model.Warnings.Count(warning => warning.Contains("batch size of 5")));
        }
    }

    [Fact]
    public void Its_rows_are_not_lengthened_for_a_device_either()
    {
        var rules = new BatchPolicy { TokensPerBatch = 4096, Lengths = [32, 64, 128], RoundsBatchSize = true };
        float[][] Encode(BatchPolicy batches)
        {
            var folder = ModelFolder.Open(TestData.Path("onnx", "bert-base"), new ColbertModelOptions { Quantized = true });
            ResolvedSettings resolved = folder.Resolve();
            using var pool = new LanePool(
                OrtEncoderSession.Open(folder.GraphPath, new EncoderSessionOptions()), () => new InputBuilder(resolved),
                new LaneSettings { Batches = batches });
            return [.. TextStreams.Encode(pool, Texts, new(TextKind.Document), Token).Select(embedding => embedding.Values.ToArray())];
        }

        Assert.Equal(Encode(BatchPolicy.Cpu), Encode(rules));
    }
}
