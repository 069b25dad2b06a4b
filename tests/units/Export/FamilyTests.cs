using ColbertOnnx.Pipeline;
using ColbertOnnx.Runtime;

namespace ColbertOnnx.Tests.Export;

/// <summary>From a checkpoint's tensors to the token vectors that PyLate gives, from the ids that PyLate fed.</summary>
public sealed class FamilyTests(ITestOutputHelper output)
{
    private const double Tolerance = 1e-5;

    [Theory]
    [InlineData("albert-")]
    [InlineData("bert-")]
    [InlineData("deberta-")]
    [InlineData("distilbert-")]
    [InlineData("electra-")]
    [InlineData("eurobert-")]
    [InlineData("lfm2-")]
    [InlineData("modernbert-")]
    [InlineData("mpnet-")]
    [InlineData("qwen3-")]
    [InlineData("roberta-")]
    [InlineData("xlmr-")]
    public void Every_checkpoint_of_the_family_gives_PyLates_rows(string family)
    {
        double largest = 0;
        int cases = 0;
        foreach (string name in ReferenceCase.PylateNames.Where(n =>
            n.StartsWith(family, StringComparison.Ordinal) && n is not ("bert-bin" or "bert-prefix-missing")))
        {
            using ReferenceCase reference = ReferenceCase.Load(name);
            using var exported = new ExportedCase(name);
            using OrtEncoderSession session = OrtEncoderSession.Open(exported.GraphPath, new EncoderSessionOptions());
            foreach (ReferenceRun run in reference.Runs.Where(r => !r.ExpectsError && r.HasRows
                && !r.Name.EndsWith("_native", StringComparison.Ordinal) && !r.Name.EndsWith("_raw", StringComparison.Ordinal)))
            {
                double worst = Enumerable.Range(0, reference.Texts.Count).Max(text => Difference(session, run, text));
                output.WriteLine($"{run}: {worst:e1}");
                largest = Math.Max(largest, worst);
            }

            cases++;
        }

        output.WriteLine($"{cases} checkpoints, largest difference {largest:e2}");
        Assert.InRange(largest, 0, Tolerance);
        Assert.True(cases > 0);
    }

    private static double Difference(OrtEncoderSession session, ReferenceRun run, int text)
    {
        float[] all = new float[run.Ids(text).Length * session.Dimension];
        session.Run(1, run.Ids(text).Length, run.Ids(text), run.AttentionMask(text), all, TestContext.Current.CancellationToken);
        int[] kept = [.. run.Keep(text).ToArray().Index().Where(k => k.Item != 0).Select(k => k.Index)];
        float[] rows = new float[kept.Length * session.Dimension];
        TokenVectors.Gather(all, kept, session.Dimension, rows);
        ReadOnlySpan<float> expected = run.Embeddings(text);
        Assert.Equal(expected.Length, rows.Length);
        double largest = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            double difference = Math.Abs((double)rows[i] - expected[i]);
            largest = Math.Max(largest, double.IsNaN(difference) ? double.PositiveInfinity : difference);
        }

        return largest;
    }
}
