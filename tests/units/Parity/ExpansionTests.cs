using System.Text.Json.Nodes;

namespace ColbertOnnx.Tests.Parity;

/// <summary>Expansion tokens that attend to nothing, in queries of several lengths: only ST 6's strategy "min" has both.</summary>
public sealed class ExpansionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("deberta-v3-base")]
    [InlineData("modernbert-base")]
    public void A_query_that_was_filled_up_to_a_least_length_is_the_same_beside_longer_ones(string name)
    {
        using var folder = new TemporaryFolder();
        ColbertExporter.Export(
            CheckpointFolder.Of(name), folder.Path, new ColbertExportOptions { Quantize = true, Verify = false, Force = true },
            cancellation: Token);
        JsonObject settings = JsonNode.Parse(File.ReadAllText(folder.File("onnx_config.json")))!.AsObject();
        settings["query_expansion_length"] = 12;
        folder.With("onnx_config.json", settings.ToJsonString());
        string[] texts = [.. Enumerable.Range(0, 64).Select(i => string.Join(' ', Enumerable.Range(0, i % 16).Select(word => "word")))];

        foreach (bool quantized in (bool[])[false, true])
        {
            ColbertEmbedding[] alone = Encode(folder.Path, quantized, texts, batchSize: 1);
            Assert.Equal(12, alone.Min(embedding => embedding.TokenCount));
            Assert.True(alone.Max(embedding => embedding.TokenCount) > 15);
            foreach (int? batchSize in (int?[])[null, 5, 32])
            {
                ColbertEmbedding[] together = Encode(folder.Path, quantized, texts, batchSize);
                for (int i = 0; i < texts.Length; i++)
                    Assert.True(
                        alone[i].Values.Span.SequenceEqual(together[i].Values.Span), $"text {i}, batch size {batchSize}, INT8 {quantized}");
            }
        }
    }

    private static ColbertEmbedding[] Encode(string folder, bool quantized, string[] texts, int? batchSize)
    {
        using ColbertModel model = ColbertModel.Load(folder, new ColbertModelOptions { Quantized = quantized, BatchSize = batchSize });
        return [.. model.EncodeQueries(texts, cancellation: Token)];
    }
}
