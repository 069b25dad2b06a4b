using System.Globalization;
using System.Management.Automation;
using ColbertOnnx.PowerShell.Binding;
using ColbertOnnx.PowerShell.Output;
using ColbertOnnx.Scoring;

namespace ColbertOnnx.PowerShell.Commands;

/// <summary>Ranks the documents of the pipeline for each query by MaxSim; holds the best ones, not the corpus.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "ColbertSimilarity", DefaultParameterSetName = "Ranked")]
[OutputType(typeof(ColbertSimilarity))]
public sealed class MeasureColbertSimilarityCommand : ColbertCmdlet
{
    // Numbers of the documents that are being encoded: they come out in the order in which they went in.
    private readonly Queue<long> underWay = new();
    private IReadOnlyList<ColbertEmbedding> queries = [];
    private ColbertRanking? ranking;
    private ColbertScorer? scorer;
    private ColbertEncodeStream? stream;
    private TokenSource? tokens;
    private ColbertModel? opened;
    private TextBinder? binder;
    private WorkProgress? progress;
    private long given;
    private long encoded;
    private long truncated;
    private bool isTold;

    [Parameter(Mandatory = true, Position = 0)]
    [AllowNull]
    [AllowEmptyString]
    public object[] Query { get; set; } = [];

    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object[]? Document { get; set; }

    [Parameter(ParameterSetName = "Ranked")]
    [ValidateRange(1, int.MaxValue)]
    public int Top { get; set; } = 10;

    [Parameter(ParameterSetName = "Unranked", Mandatory = true)]
    public SwitchParameter Unranked { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PropertyCompleter))]
    public string? TextProperty { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PropertyCompleter))]
    public string? IdProperty { get; set; }

    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public object? Model { get; set; }

    private protected override void Begin()
    {
        binder = new TextBinder(TextProperty, IdProperty);
        progress = new WorkProgress(Out.WriteProgress, "Scoring documents");
        queries = new EmbeddingArguments(TextKind.Query, OpenModel).Resolve(Query ?? [null!], StopToken);
        if (queries.Where((query, i) => query.IsTruncated && !EmbeddingArguments.IsEmbedding(Query![i])).Count() is > 0 and int cut)
        {
            Out.WriteWarning(string.Create(
                CultureInfo.InvariantCulture,
                $"{cut} of {ShownText.Count(queries.Count, "query", "queries")} cut to the {opened!.QueryLength} tokens that the model "
                    + $"takes. Import-ColbertModel -QueryLength sets the limit."));
        }

        ranking = new ColbertRanking(queries, Top);
        if (Unranked) scorer = new ColbertScorer(queries, Out.WriteObject, () => tokens);
        tokens = ModelArgument.ResolveTokenSource(Model, Paths) ?? tokens;
    }

    private protected override void Record()
    {
        foreach (object? item in Document ?? [null!])
        {
            long index = given++;
            if (EmbeddingArguments.IsEmbedding(item)) AddEmbedding(item!, index);
            else AddText(item, index);
        }
    }

    private protected override void End()
    {
        stream?.Complete();
        while (underWay.Count > 0) TakeOne();
        scorer?.Flush(StopToken);
        if (!Unranked) EmitBest();
        progress!.End();
        if (truncated > 0)
        {
            Out.WriteWarning(string.Create(
                CultureInfo.InvariantCulture,
                $"{truncated} of {ShownText.Count(encoded, "text")} cut to the {opened!.DocumentLength} tokens that the model takes. "
                    + $"Import-ColbertModel -DocumentLength sets the limit."));
        }
    }

    private protected override void Stop() => stream?.Cancel();

    private protected override void Dispose(bool disposing) => stream?.Dispose();

    private ColbertModel OpenModel()
    {
        if (opened is not null) return opened;
        opened = Noted(ModelArgument.Resolve(Model, Paths));
        tokens ??= opened.CreateTokenSource();
        return opened;
    }

    private void AddEmbedding(object item, long index)
    {
        ColbertEmbedding? embedding = null;
        if (!Attempt(() => embedding = EmbeddingArguments.AsEmbedding(item), item)) return;
        TellOfModel(embedding!);
        // What is given at once leaves in the order of the input; a ranking knows the order by the numbers.
        while (Unranked && underWay.Count > 0) TakeOne();
        Score(embedding!, index, embedding);
    }

    private void TellOfModel(ColbertEmbedding document)
    {
        if (isTold || queries is not [{ ModelId: { } asked }, ..] || document.ModelId is not { } model || model == asked) return;
        isTold = true;
        Out.WriteWarning(
            $"Documents are of the model '{model}', and the query is of '{asked}': scores between two models mean nothing. "
            + "-Model names that of the documents.");
    }

    private void AddText(object? item, long index)
    {
        ColbertText text = default;
        if (!Attempt(() => text = binder!.Bind(item), item)) return;
        stream ??= StartEncoding();
        underWay.Enqueue(index);
        stream.Push(text, Accept);
    }

    /// <summary>A model of another dimension than the queries' would fail for every text.</summary>
    private ColbertEncodeStream StartEncoding()
    {
        ColbertModel model = OpenModel();
        if (queries.Count > 0 && queries[0].Dimension != model.Dimension)
        {
            throw new ColbertException(
                ColbertErrorId.InputInvalid,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The query has {queries[0].Dimension} dimensions, and the model {model.Name}, which is to encode the documents, "
                        + $"gives {model.Dimension}."),
                model.Name,
                "Name the model of the query with -Model.");
        }

        return model.OpenStream(TextKind.Document, new ColbertEncodeOptions { IncludeTokens = true });
    }

    private void TakeOne()
    {
        if (stream!.Take(out ColbertEncodeResult result)) Accept(result);
    }

    private void Accept(ColbertEncodeResult result)
    {
        long index = underWay.Dequeue();
        object? source = result.Input.Source;
        if (result.Embedding is not { } embedding)
        {
            WriteFailure(result.Error!, source);
            return;
        }

        encoded++;
        if (embedding.IsTruncated) truncated++;
        Score(embedding, index, source);
    }

    private void Score(ColbertEmbedding document, long index, object? target)
    {
        Attempt(() =>
        {
            if (scorer is not null) scorer.Add(document, index, StopToken);
            else ranking!.Add(document, index, StopToken);
        }, target);
        progress!.Show(given);
    }

    private void EmitBest()
    {
        ranking!.Tokens = tokens;
        for (int i = 0; i < queries.Count; i++)
            foreach (ColbertSimilarity similarity in ranking.Best(i)) Out.WriteObject(similarity);
    }
}
