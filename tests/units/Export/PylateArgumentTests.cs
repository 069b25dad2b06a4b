using ColbertOnnx.Tests.Pipeline;

namespace ColbertOnnx.Tests.Export;

/// <summary>PyLate's arguments, each under its name here: against the vectors that PyLate itself gives for them.</summary>
public sealed class PylateArgumentTests(ITestOutputHelper output)
{
    private const double Tolerance = 1e-5;

    [Theory]
    [InlineData("bert-arguments", 4)]
    [InlineData("bert-base", 6)]
    [InlineData("bert-dense-zero-rows", 1)]
    [InlineData("bert-lengths-tiny", 5)]
    [InlineData("bert-prompts", 4)]
    [InlineData("modernbert-base", 2)]
    [InlineData("st6-bert-fixed", 2)]
    [InlineData("st6-bert-prompts", 1)]
    [InlineData("xlmr-base", 2)]
    [InlineData("xlmr-prompts", 1)]
    public void Arguments_give_PyLates_vectors_when_the_model_is_opened_when_it_is_exported_and_for_a_call_alone(string name, int runs)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using ReferenceCase reference = ReferenceCase.Load(name);
        using var folder = new TemporaryFolder();
        ColbertExporter.Export(
            reference.Checkpoint, folder.File("plain"), new ColbertExportOptions { Verify = false }, cancellation: cancellation);
        using ColbertModel plain = ColbertModel.Load(folder.File("plain"), new ColbertModelOptions { Sessions = 1 });
        foreach (ReferenceRun run in reference.Runs.Where(r =>
            !r.IsPlain && !r.ExpectsError && !r.Name.EndsWith("_raw", StringComparison.Ordinal)))
        {
            ColbertModelOptions options = ResolvedCheckpoint.OptionsOf(run) with { Sessions = 1 };
            using ColbertModel opened = ColbertModel.Load(folder.File("plain"), options);
            IReadOnlyList<ColbertEmbedding> embeddings = Encode(opened, run.Kind, reference.Texts, new());
            double worst = Enumerable.Range(0, reference.Texts.Count).Except(run.UnstableTexts).Max(i => Difference(embeddings[i], run, i));
            output.WriteLine($"{run}: {worst:e1}");
            Assert.InRange(worst, 0, Tolerance);

            ColbertExportOptions export = new()
            {
                Verify = false,
                QueryPrefix = options.QueryPrefix,
                DocumentPrefix = options.DocumentPrefix,
                PromptName = options.PromptName,
                Prompt = options.Prompt,
                ProtectedTokens = options.ProtectedTokens,
            };
            ColbertExporter.Export(reference.Checkpoint, folder.File(run.Name), export, cancellation: cancellation);
            ColbertModelOptions rest = options with
            {
                QueryPrefix = null,
                DocumentPrefix = null,
                PromptName = null,
                Prompt = null,
                ProtectedTokens = null,
            };
            using ColbertModel exported = ColbertModel.Load(folder.File(run.Name), rest);
            SameRows.Check(embeddings, Encode(exported, run.Kind, reference.Texts, new()), $"{run}, exported");

            if (run.Kind == TextKind.Query && (options.Prompt ?? options.PromptName) is not null)
                SameRows.Check(
                    embeddings,
                    Encode(plain, run.Kind, reference.Texts, new() { Prompt = options.Prompt, PromptName = options.PromptName }),
                    $"{run}, a call");
            runs--;
        }

        Assert.Equal(0, runs);
    }

    [Fact]
    public async Task A_call_s_prompt_is_that_call_s_alone_in_streams_too()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using ReferenceCase reference = ReferenceCase.Load("bert-prompts");
        using var folder = new TemporaryFolder();
        ColbertExporter.Export(
            reference.Checkpoint, folder.File("plain"), new ColbertExportOptions { Verify = false }, cancellation: cancellation);
        using ColbertModel model = ColbertModel.Load(folder.File("plain"), new ColbertModelOptions { Sessions = 2 });
        IReadOnlyList<ColbertEmbedding> before = model.EncodeDocuments(reference.Texts, cancellation: cancellation);
        var call = new ColbertEncodeOptions { PromptName = "document" };
        IReadOnlyList<ColbertEmbedding> named = model.EncodeDocuments(reference.Texts, call, cancellation);
        List<ColbertEmbedding> streamed = [], queries = [];
        await foreach (ColbertEmbedding embedding in model.EncodeDocumentsAsync(reference.Texts, call, cancellation))
            streamed.Add(embedding);
        await foreach (ColbertEmbedding embedding in model.EncodeQueriesAsync(
            reference.Texts, new ColbertEncodeOptions { Prompt = "Explain \u2014 " }, cancellation))
            queries.Add(embedding);
        Assert.Equal(reference["document_by_name"].Embeddings(0).Length, named[0].Values.Length);
        SameRows.Check(named, streamed, "streamed");
        SameRows.Check(before, model.EncodeDocuments(reference.Texts, cancellation: cancellation), "afterwards");
        Assert.InRange(Enumerable.Range(0, queries.Count).Max(i => Difference(queries[i], reference["query_by_text"], i)), 0, Tolerance);
    }

    private static IReadOnlyList<ColbertEmbedding> Encode(
        ColbertModel model, TextKind kind, IReadOnlyList<string> texts, ColbertEncodeOptions options) => kind == TextKind.Query
        ? model.EncodeQueries(texts, options, TestContext.Current.CancellationToken)
        : model.EncodeDocuments(texts, options, TestContext.Current.CancellationToken);

    private static double Difference(ColbertEmbedding embedding, ReferenceRun run, int text)
    {
        ReadOnlySpan<float> expected = run.Embeddings(text), actual = embedding.Values.Span;
        Assert.Equal(expected.Length, actual.Length);
        double worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs((double)expected[i] - actual[i]);
            worst = Math.Max(worst, double.IsNaN(difference) ? double.PositiveInfinity : difference);
        }

        return worst;
    }
}
