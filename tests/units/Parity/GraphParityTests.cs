using System.Globalization;
using ColbertOnnx.Pipeline;
using ColbertOnnx.Runtime;

namespace ColbertOnnx.Tests.Parity;

/// <summary>Everything behind the tokenizer, for every exported folder: from PyLate's own rows of ids to PyLate's embeddings.</summary>
public sealed class GraphParityTests(ITestOutputHelper output)
{
    private const double Tolerance = 1e-5;

    /// <summary>
    /// modernbert-base looks at eight places; its graph gives rows without a key other vectors than PyLate (tests/data/README.md).
    /// </summary>
    private const int Window = 8;

    [Fact]
    public void From_stored_ids_every_graph_gives_PyLates_embeddings()
    {
        double largest = 0;
        foreach (string name in ReferenceCase.OnnxNames)
        {
            using ReferenceCase reference = ReferenceCase.Load(name);
            foreach (ReferenceRun run in reference.Runs.Where(r => r.IsPlain))
            {
                List<ColbertEncodeResult> results = Encode(reference, run, new LaneSettings { Sessions = 2 }, Numbers(reference));
                double worst = 0;
                int leftOut = 0;
                for (int i = 0; i < results.Count; i++)
                {
                    (double difference, int rows) = Difference.Of(run, i, results[i].Embedding!, WindowOf(name, run.Kind));
                    worst = Math.Max(worst, difference);
                    leftOut += rows;
                }

                string blind = leftOut > 0
                    ? $", {leftOut} rows left out that see no key in the local layers: the graph itself is wrong there"
                    : "";
                output.WriteLine($"{run}: {results.Count} texts, largest difference {worst:g3}{blind}");
                largest = Math.Max(largest, worst);
            }
        }

        output.WriteLine($"largest difference {largest:g3}");
        Assert.InRange(largest, 0, Tolerance);
    }

    [Theory]
    [InlineData("bert-base")]
    [InlineData("bert-noexp")]
    [InlineData("modernbert-base")]
    [InlineData("xlmr-base")]
    public void Lanes_batches_and_order_change_no_embedding(string name)
    {
        using ReferenceCase reference = ReferenceCase.Load(name);
        foreach (ReferenceRun run in reference.Runs.Where(r => r.IsPlain))
        {
            string[] numbers = Numbers(reference);
            List<ColbertEncodeResult> alone = Encode(reference, run, new LaneSettings { Sessions = 1, Cpus = 1, BatchSize = 1 }, numbers);
            double largest = 0;
            foreach (int sessions in (int[])[1, 2, 25])
                foreach (int? batchSize in (int?[])[null, 1, 2, 32])
                {
                    string[] shuffled = [.. numbers];
                    new Random(sessions).Shuffle(shuffled);
                    List<ColbertEncodeResult> results = Encode(
                        reference, run, new LaneSettings { Sessions = sessions, Cpus = sessions, BatchSize = batchSize }, shuffled);
                    Assert.Equal(shuffled, results.Select(r => r.Input.Text));
                    foreach (ColbertEncodeResult result in results)
                    {
                        ReadOnlySpan<float> one = alone[int.Parse(result.Input.Text, CultureInfo.InvariantCulture)].Embedding!.Values.Span,
                            other = result.Embedding!.Values.Span;
                        Assert.Equal(one.Length, other.Length);
                        for (int k = 0; k < one.Length; k++) largest = Math.Max(largest, Math.Abs((double)one[k] - other[k]));
                    }
                }

            output.WriteLine(
                $"{run}: 1, 2 and 25 lanes, batches planned and of 1, 2 and 32: "
                    + $"{(largest == 0 ? "equal to the bit" : $"largest difference {largest:g3}")}");
            Assert.InRange(largest, 0, 1e-6);
        }
    }

    internal static int WindowOf(string name, TextKind kind) => name == "modernbert-base" && kind == TextKind.Query ? Window : 0;

    private static string[] Numbers(ReferenceCase reference) =>
        [.. Enumerable.Range(0, reference.Texts.Count).Select(i => i.ToString(CultureInfo.InvariantCulture))];

    private static List<ColbertEncodeResult> Encode(ReferenceCase reference, ReferenceRun run, LaneSettings settings, string[] texts)
    {
        OrtEncoderSession session = OrtEncoderSession.Open(Path.Combine(reference.OnnxFolder, "model.onnx"), new EncoderSessionOptions());
        using var pool = new LanePool(session, () => new StoredInputs(run), settings);
        using var stream = new EncodeStream(pool, new EncodeOptions(run.Kind));
        List<ColbertEncodeResult> results = [];
        foreach (string text in texts)
            while (!stream.TryAdd(new ColbertText(text)))
                if (stream.TryTake(out ColbertEncodeResult ready)) results.Add(ready);
        stream.Complete();
        while (stream.Take(out ColbertEncodeResult result)) results.Add(result);
        Assert.All(results, r => Assert.Null(r.Error));
        return results;
    }
}
