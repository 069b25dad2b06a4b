using System.Globalization;
using ColbertOnnx.Diagnostics.Parity.References;

namespace ColbertOnnx.Diagnostics.Parity;

/// <summary>
/// Texts of a reference through a model, compared as they come back. Fed by one thread; memory holds the window of the pipeline, one
/// histogram and the worst texts. Results leave in the order of the reference.
/// </summary>
internal sealed class ParityRun : IDisposable
{
    // So many texts are enough to say that a reference is of another model.
    private const int Enough = 32;

    private readonly ColbertModel model;
    private readonly IReference reference;
    private readonly ColbertParityOptions thresholds;
    private readonly Action<ColbertTextParity> accept;
    private readonly Action<ColbertException, string> report;
    private readonly QueryAndDocumentStreams sessions;
    private readonly Dictionary<long, (ColbertTextParity? Text, Action? Report)> waiting = [];
    private readonly ParityTotals totals;
    private readonly RankingSample sample = new();
    private readonly TextDiagnosis diagnosis;
    private readonly CancellationToken cancellation;
    private long added, reported, unrelated, judged;
    private string? firstLocation;

    /// <param name="accept">Each text's result.</param>
    /// <param name="report">A text that could not be encoded, and where it stands.</param>
    public ParityRun(
        ColbertModel model, IReference reference, ColbertParityOptions options, Action<ColbertTextParity>? accept,
        Action<ColbertException, string>? report, CancellationToken cancellation)
    {
        this.model = model;
        this.reference = reference;
        this.accept = accept ?? (_ => { });
        this.report = report ?? ((error, _) => throw error);
        this.cancellation = cancellation;
        thresholds = options.For(model.IsQuantized || reference.IsQuantized);
        totals = new ParityTotals(thresholds);
        diagnosis = new TextDiagnosis(model.Resolved, reference);
        sessions = new QueryAndDocumentStreams(model, includeTokens: true, (result, _) => Compare(result), cancellation);
    }

    /// <summary>Texts whose results are there.</summary>
    public long Done => totals.Texts;

    public void Add(ReferenceText text)
    {
        cancellation.ThrowIfCancellationRequested();
        firstLocation ??= text.Location;
        if (text.Dimension != 0 && text.Dimension != model.Dimension)
            throw ReferenceErrors.Dimension(text.Location, text.Dimension, model.Dimension, $"the model '{model.Name}'");
        sessions.Add(new ColbertText(text.Text, text.Id, new Numbered(++added, text)), text.Kind);
    }

    /// <summary>A text that the reference could not encode.</summary>
    public void Fail(ColbertException error, string location)
    {
        totals.AddFailure();
        Publish(++added, null, () => report(error, location));
    }

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ReferenceInvalid"/>: there were no texts, or they are of another
    /// model.</exception>
    public ColbertParity Complete()
    {
        sessions.Complete();
        if (added == 0) throw ReferenceErrors.Invalid(reference.Name, "there is no text in it.");
        Judge(isLast: true);
        return new ColbertParity
        {
            Model = model.Name,
            IsQuantized = model.IsQuantized,
            Reference = reference.Name,
            MadeBy = reference.MadeBy,
            Texts = totals.Texts,
            Queries = totals.Queries,
            Missed = totals.Missed,
            OtherRows = totals.OtherRows,
            Rows = totals.CosineCounts.Count,
            MeanCosine = totals.MeanCosine,
            SmallestCosine = totals.SmallestCosine,
            LargestDifference = Math.Max(0, totals.DifferenceCounts.Largest),
            Cosine = totals.Cosine,
            Difference = totals.Difference,
            Ranking = sample.Result(cancellation),
            Causes = totals.Causes,
            SettingsThatDiffer = ReferenceSettings.Differences(reference.Settings, model.Settings).ToArray(),
            Worst = totals.Worst,
            Thresholds = thresholds,
            Warnings = model.Warnings.Concat(reference.Warnings).ToArray(),
            Environment = ThroughputEnvironment.Current(model.Providers.Count > 0 ? model.Providers[0].OnnxRuntimeName : "unknown"),
            Measured = DateTime.UtcNow,
            CosineCounts = totals.CosineCounts,
            DifferenceCounts = totals.DifferenceCounts,
        };
    }

    public void Dispose() => sessions.Dispose();

    private void Compare(in ColbertEncodeResult result)
    {
        var (number, text) = (Numbered)result.Input.Source!;
        if (result.Embedding is not { } here)
        {
            ColbertException error = result.Error!;
            totals.AddFailure();
            Publish(number, null, () => report(error, text.Location));
            return;
        }

        TextComparison? rowByRow = here.TokenCount == text.Rows
            ? TextComparison.Of(here.Values.Span, text.Values.Span, here.Dimension, null)
            : null;
        bool passed = rowByRow is not null && Passes(rowByRow);
        (TextComparison comparison, TextFindings findings) = passed
            ? (rowByRow!, new TextFindings())
            : diagnosis.Explain(here, text, rowByRow);
        string explanation = findings.Explanation;
        if (!passed && ReferenceEquals(comparison, rowByRow))
            explanation += ": " + thresholds.MissedBy(comparison.SmallestCosine, comparison.MeanCosine, comparison.LargestDifference);
        ColbertTextParity parity = ResultOf(number, text, here, comparison, findings, explanation, passed);
        totals.Add(parity, comparison);
        sample.Add(text.Kind, here.Values, text.Values, here.Dimension);
        judged++;
        if (rowByRow is null && comparison.MeanCosine < Unrelated(here.Dimension)) unrelated++;
        Judge(isLast: false);
        Publish(number, parity, null);
    }

    private bool Passes(TextComparison comparison) =>
        thresholds.MissedBy(comparison.SmallestCosine, comparison.MeanCosine, comparison.LargestDifference).Length == 0;

    private static ColbertTextParity ResultOf(
        long number, ReferenceText text, ColbertEmbedding here, TextComparison comparison, TextFindings findings,
        string explanation, bool passed)
    {
        int worst = comparison.WorstRow;
        (int start, int end) = worst >= 0 && here.TokenOffsets is { } offsets ? offsets[worst] : (0, 0);
        return new ColbertTextParity
        {
            Number = number,
            Location = text.Location,
            Id = text.Id,
            Text = text.Text,
            Kind = text.Kind,
            Passed = passed,
            TokenCount = here.TokenCount,
            ReferenceTokenCount = text.Rows,
            MeanCosine = comparison.MeanCosine,
            SmallestCosine = comparison.SmallestCosine,
            LargestDifference = comparison.LargestDifference,
            WorstRow = worst,
            WorstToken = worst >= 0 ? here.Tokens?[worst] : null,
            WorstText = text.Text[start..end],
            Causes = findings.Causes,
            Explanation = explanation,
            Gaps = findings.Gaps,
        };
    }

    // Another model's texts have other tokens, so other counts of token vectors, which have nothing to do with these: no miss, but the
    // wrong file.
    private void Judge(bool isLast)
    {
        if (judged != Enough && !(isLast && judged is > 0 and < Enough)) return;
        if (unrelated < judged * 0.7) return;
        throw ReferenceErrors.Invalid(
            firstLocation!,
            string.Create(
                CultureInfo.InvariantCulture,
                $"the reference is of another model than '{model.Name}': {unrelated} of its first {judged} texts have other token "
                    + $"vectors, which have little in common with this model's (mean cosine {totals.MeanCosine:0.00})."),
            "Give the reference of this model.");
    }

    /// <summary>In the order of the reference, whichever stream was first.</summary>
    private void Publish(long number, ColbertTextParity? text, Action? failure)
    {
        waiting[number] = (text, failure);
        while (waiting.Remove(reported + 1, out var next))
        {
            reported++;
            next.Report?.Invoke();
            if (next.Text is not null) accept(next.Text);
        }
    }

    // Directions that have nothing in common have cosines of about 1 / sqrt(dimension) to either side, and the alignment takes the best of
    // them.
    private static double Unrelated(int dimension) => Math.Min(0.8, 0.25 + (2 / Math.Sqrt(dimension)));

    private sealed record Numbered(long Number, ReferenceText Text);
}
