using ColbertOnnx.Pipeline;
using ColbertOnnx.Tests.Pipeline;

namespace ColbertOnnx.Tests.Export;

/// <summary>A checkpoint is exported and opened as any user's folder is: from text to PyLate's embeddings.</summary>
public sealed class CheckpointExportTests(ITestOutputHelper output)
{
    private const double Tolerance = 1e-5;

    public static TheoryData<string> Families() =>
        [.. ReferenceCase.AllNames.Select(name => name[..name.IndexOf('-', StringComparison.Ordinal)]).Distinct()];

    [Theory]
    [MemberData(nameof(Families))]
    public void Every_checkpoint_gives_the_references_embeddings_from_text(string family)
    {
        double largest = 0;
        int cases = 0;
        foreach (string name in ReferenceCase.AllNames.Where(n => n.StartsWith($"{family}-", StringComparison.Ordinal)))
        {
            using ReferenceCase reference = ReferenceCase.Load(name);
            if (Refused(reference) is { } error)
            {
                output.WriteLine($"{name}: {error.Id}, as the reference fails too: {error.Message}");
                cases++;
                continue;
            }

            using var folder = new TemporaryFolder();
            ColbertExporter.Export(
                reference.Checkpoint, folder.File("model"), new ColbertExportOptions { Verify = false },
                cancellation: TestContext.Current.CancellationToken);
            using ColbertModel model = ColbertModel.Load(folder.File("model"), new ColbertModelOptions { Sessions = 1 });
            foreach (ReferenceRun run in reference.Runs.Where(r =>
                r.IsPlain && !r.ExpectsError && !r.Name.EndsWith("_native", StringComparison.Ordinal)))
            {
                double worst = Compare(model, reference, run);
                output.WriteLine($"{run}: {worst:e1}");
                largest = Math.Max(largest, name == "bert-prefix-missing" ? worst / 100 : worst);
            }

            cases++;
        }

        output.WriteLine($"{cases} checkpoints, largest difference {largest:e2}");
        Assert.InRange(largest, 0, Tolerance);
        Assert.True(cases > 0);
    }

    private static double Compare(ColbertModel model, ReferenceCase reference, ReferenceRun run)
    {
        IReadOnlyList<ColbertEmbedding> embeddings = run.Kind == TextKind.Query
            ? model.EncodeQueries(reference.Texts)
            : model.EncodeDocuments(reference.Texts);
        double worst = 0;
        var encoder = new InputBuilder(model.Resolved);
        var row = new ModelInput();
        for (int text = 0; text < reference.Texts.Count; text++)
        {
            if (run.HasRows)
            {
                encoder.Build(reference.Texts[text], run.Kind, withOffsets: false, row);
                InputAssert.Equal(run, text, row);
            }

            ReadOnlySpan<float> expected = run.Embeddings(text), actual = embeddings[text].Values.Span;
            Assert.Equal(expected.Length, actual.Length);
            for (int i = 0; i < expected.Length; i++)
            {
                double difference = Math.Abs((double)expected[i] - actual[i]);
                worst = Math.Max(worst, double.IsNaN(difference) ? double.PositiveInfinity : difference);
            }
        }

        return worst;
    }

    /// <summary>The error of an export where PyLate cannot load the checkpoint either, or reads what is not read here.</summary>
    private static ColbertException? Refused(ReferenceCase reference)
    {
        bool expected = reference.Name == "bert-bin" || reference.Runs.Any(run => run.IsPlain && run.ExpectsError);
        if (!expected) return null;
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<ColbertException>(() => ColbertExporter.Export(reference.Checkpoint, folder.File("model")));
        Assert.False(string.IsNullOrWhiteSpace(error.Action));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
        return error;
    }
}
