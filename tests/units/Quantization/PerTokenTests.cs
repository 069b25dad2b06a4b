using ColbertOnnx.Onnx;
using ColbertOnnx.Quantization;
using ColbertOnnx.Runtime;
using ColbertOnnx.Runtime.Rows;
using ColbertOnnx.Tests.Export;

namespace ColbertOnnx.Tests.Quantization;

/// <summary>INT8 graphs: near the FP32 ones, and the same token vectors whatever else is in the batch.</summary>
public sealed class PerTokenTests(ITestOutputHelper output)
{
    public static TheoryData<string> OfOtherTools => [.. ReferenceCase.OnnxNames];

    [Theory]
    [InlineData("bert-base")]
    [InlineData("bert-attend")]
    [InlineData("bert-dense-chain")]
    [InlineData("bert-act-relu")]
    [InlineData("modernbert-base")]
    [InlineData("modernbert-attend")]
    [InlineData("qwen3-base")]
    [InlineData("lfm2-base")]
    [InlineData("eurobert-base")]
    [InlineData("albert-base")]
    [InlineData("distilbert-base")]
    [InlineData("electra-base")]
    [InlineData("mpnet-base")]
    [InlineData("roberta-base")]
    [InlineData("xlmr-base")]
    public void Our_graphs_stay_near_their_FP32_form_and_depend_on_no_batch(string name)
    {
        using var exported = new ExportedCase(name);
        Assert.Equal(0, Check(name, exported.GraphPath));
    }

    // DeBERTa gives an expansion token the mean of all that the batch holds for the text, padding included. The pipeline never pads such
    // sequences: what must hold is that all other vectors are the same under padding, and these in a batch of their own length.
    [Theory]
    [InlineData("deberta-v2-conv")]
    [InlineData("deberta-v3-base")]
    [InlineData("deberta-v3-attend")]
    [InlineData("deberta-v3-noexp")]
    public void Our_DeBERTa_graphs_too_but_for_expansion_tokens_that_are_padded(string name)
    {
        using var exported = new ExportedCase(name);
        Assert.Equal(0, Check(name, exported.GraphPath, isExpansionPadded: false));
    }

    [Theory]
    [MemberData(nameof(OfOtherTools))]
    public void Graphs_of_other_tools_too(string name)
    {
        // Queries of a local layer that see no key: there upstream's graph depends on the padding by itself.
        int dependent = Check(name, TestData.Path("onnx", name, "model.onnx"));
        if (name != "modernbert-base") Assert.Equal(0, dependent);
    }

    /// <returns>Texts that depend on the batch in the FP32 graph already, and were not compared.</returns>
    private int Check(string name, string full, bool isExpansionPadded = true)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("model_int8.onnx");
        OnnxModel model = OnnxReader.Read(full);
        Quantizer.Quantize(model);
        int products = QuantizedRun.Products(model), tables = QuantizedRun.Gathers(model, OnnxElementType.Int8).Length;
        OnnxWriter.Write(model, file);
        Assert.True(products >= 12, $"{products} products");
        Assert.True(tables > 0);

        using ReferenceCase reference = ReferenceCase.Load(name);
        using OrtEncoderSession exact = OrtEncoderSession.Open(full, new EncoderSessionOptions()),
            session = OrtEncoderSession.Open(file, new EncoderSessionOptions());
        using OrtEncoderSession theirs = OrtEncoderSession.Open(file, new EncoderSessionOptions { FuseRows = false });
        Assert.NotNull(FusedGraph.Of(OnnxReader.Read(file), file));
        Assert.True(session.IsPerToken);
        Assert.False(exact.IsPerToken);
        int dependent = 0;
        foreach (ReferenceRun run in reference.Runs.Where(r => r.IsPlain && r.HasRows))
        {
            QuantizedRun quantized = new(session, run), plain = new(exact, run), unfused = new(theirs, run);
            int[] texts = [.. Enumerable.Range(0, reference.Texts.Count)];
            float[][] unbatched = [.. texts.Select(quantized.Unbatched)];
            double[] others =
            [
                .. texts.SelectMany(text => QuantizedRun.Cosines(unfused.Unbatched(text), unbatched[text], session.Dimension)),
            ];
            output.WriteLine($"{run}: cosine to the library's operators {others.Average():f6} on average, {others.Min():f5} at least");
            Assert.InRange(others.Average(), 0.999, 1.0001);
            double[] cosines =
            [
                .. texts.SelectMany(text => QuantizedRun.Cosines(plain.Unbatched(text), unbatched[text], session.Dimension)),
            ];
            output.WriteLine(
                $"{run}: cosine {cosines.Average():f5} on average, {cosines.Min():f4} at least; {products} products, "
                    + $"{tables} tables");
            Assert.InRange(cosines.Average(), 0.995, 1.0001);
            double library =
                texts.SelectMany(text => QuantizedRun.Cosines(plain.Unbatched(text), unfused.Unbatched(text), session.Dimension)).Average();
            output.WriteLine($"{run}: with the library's operators {library:f5} on average");
            Assert.True(cosines.Average() > library - 1e-5, $"{run}: our operators are farther from FP32 than the library's");

            new Random(7).Shuffle(texts);
            foreach (int[] batch in texts.Chunk(32).Concat(texts.Chunk(3)))
            {
                int more = batch.Length % 2 == 0 ? 0 : 5;
                float[][] together = quantized.Together(batch, more), control = plain.Together(batch, more);
                for (int i = 0; i < batch.Length; i++)
                {
                    float[] Compared(float[] rows) =>
                        more > 0 && !isExpansionPadded ? Attended(run, batch[i], rows, session.Dimension) : rows;
                    if (!Compared(plain.Unbatched(batch[i])).AsSpan().SequenceEqual(Compared(control[i]))) dependent++;
                    else
                        Assert.True(
                            Compared(unbatched[batch[i]]).AsSpan().SequenceEqual(Compared(together[i])),
                            $"{run}, text {batch[i]} of a batch of {batch.Length}");
                }
            }
        }

        output.WriteLine($"{dependent} texts depend on their batch in the FP32 graph");
        return dependent;
    }

    private static float[] Attended(ReferenceRun run, int text, float[] rows, int dimension)
    {
        byte[] mask = run.AttentionMask(text).ToArray();
        return [.. rows.Where((_, i) => mask[i / dimension] == 1)];
    }
}
