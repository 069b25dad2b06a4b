using ColbertOnnx.Pipeline;
using ColbertOnnx.Tests.Pipeline;

namespace ColbertOnnx.Tests.Parity;

/// <summary>From text to embeddings, for every exported folder and every text of its case.</summary>
public sealed class TextParityTests(ITestOutputHelper output)
{
    private const double Tolerance = 1e-5;

    [Fact]
    public void Every_text_of_every_folder_gives_PyLates_inputs_and_embeddings()
    {
        double largest = 0;
        List<string> without = [];
        foreach (string name in ReferenceCase.OnnxNames)
        {
            using ReferenceCase reference = ReferenceCase.Load(name);
            ColbertModel model;
            try
            {
                model = ColbertModel.Load(reference.OnnxFolder, new ColbertModelOptions { Quantized = false });
            }
            catch (ColbertException e) when (e.Id == ColbertErrorId.TokenizerUnsupported)
            {
                output.WriteLine($"{name}: from stored ids only. {e.Message}");
                without.Add(name);
                continue;
            }

            using (model)
            {
                foreach (ReferenceRun run in reference.Runs.Where(r => r.IsPlain))
                    largest = Math.Max(largest, Compare(model, reference, run));
            }
        }

        output.WriteLine($"largest difference {largest:g3}");
        Assert.InRange(largest, 0, Tolerance);
        Assert.DoesNotContain(without, name => name.StartsWith("bert-", StringComparison.Ordinal));
    }

    private double Compare(ColbertModel model, ReferenceCase reference, ReferenceRun run)
    {
        var encoder = new InputBuilder(model.Resolved);
        var input = new ModelInput();
        for (int i = 0; i < reference.Texts.Count; i++)
        {
            encoder.Build(reference.Texts[i], run.Kind, withOffsets: false, input);
            InputAssert.Equal(run, i, input);
        }

        IReadOnlyList<ColbertEmbedding> embeddings = run.Kind == TextKind.Query
            ? model.EncodeQueries(reference.Texts)
            : model.EncodeDocuments(reference.Texts);
        double worst = 0;
        int leftOut = 0;
        for (int i = 0; i < reference.Texts.Count; i++)
        {
            Assert.Same(reference.Texts[i], embeddings[i].Text);
            (double difference, int rows) = Difference.Of(run, i, embeddings[i], GraphParityTests.WindowOf(reference.Name, run.Kind));
            worst = Math.Max(worst, difference);
            leftOut += rows;
        }

        output.WriteLine(
            $"{run}: {reference.Texts.Count} texts, ids and masks equal, largest difference "
                + $"{worst:g3}{(leftOut > 0 ? $", {leftOut} rows left out that see no key" : "")}");
        return worst;
    }
}
