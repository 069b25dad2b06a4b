using System.Globalization;
using ColbertOnnx.Diagnostics.Html;

namespace ColbertOnnx.Diagnostics.Parity;

/// <summary>A comparison as a page: what all texts say, histograms, causes, and the worst texts.</summary>
internal static class ParityReport
{
    private const int MostCharacters = 80;

    private static readonly string[] Header =
    [
        "", "Kind", "Text", "Why", "Worst token", "Token vectors", "In the reference", "Mean cosine", "Smallest", "Largest difference",
    ];

    public static string Write(ColbertParity parity)
    {
        var page = new HtmlPage($"ColBERT parity: {(parity.Passed ? "passed" : "missed")}");
        page.Paragraph(
            $"{parity.Model} ({Weights(parity.IsQuantized)}) against "
                + $"{parity.Reference}{(parity.MadeBy is null ? "" : $", made by {parity.MadeBy}")}. "
                + $"{parity.Measured.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC.");
        page.Paragraph(parity.Environment.ToString());
        page.Table(["", "Found", "Asked for"], Summary(parity), firstNumber: 1);
        foreach (string sentence in parity.SettingsThatDiffer.Concat(parity.Warnings)) page.Paragraph(sentence);

        page.Heading("Distances");
        page.Drawings(
        [
            SvgLogHistogram.Draw(
                "Token vectors: 1 less the cosine", "distance from the reference's", parity.CosineCounts,
                [("threshold", 1 - parity.Thresholds.MinimumCosine!.Value)]),
            SvgLogHistogram.Draw(
                "Texts: largest difference of an element", "difference", parity.DifferenceCounts,
                [("threshold", parity.Thresholds.Tolerance!.Value)]),
        ]);

        if (parity.Causes.Count > 0)
        {
            page.Heading("Causes");
            page.Table(
                ["Cause", "Texts"], parity.Causes.Select(cause => new[] { cause.Key.ToString(), Number(cause.Value) }), firstNumber: 1);
        }

        if (parity.Worst.Count == 0) return page.ToString();
        page.Heading("Worst texts");
        page.Table(Header, parity.Worst.Select(Row), firstNumber: 5);
        return page.ToString();
    }

    private static IEnumerable<string[]> Summary(ColbertParity parity)
    {
        yield return ["Texts", Number(parity.Texts), ""];
        yield return ["Queries among them", Number(parity.Queries), ""];
        yield return ["Texts that missed", Number(parity.Missed), "0"];
        yield return ["Texts with another number of token vectors", Number(parity.OtherRows), "0"];
        yield return ["Token vectors compared", Number(parity.Rows), ""];
        yield return ["Mean cosine", Cosine(parity.MeanCosine), $"{Cosine(parity.Thresholds.MinimumMeanCosine!.Value)} of each text"];
        yield return ["Smallest cosine of a token vector", Cosine(parity.SmallestCosine), Cosine(parity.Thresholds.MinimumCosine!.Value)];
        yield return ["Cosine of 99 % of the token vectors, at least", Cosine(parity.Cosine.P99), ""];
        yield return ["Largest difference of an element", Small(parity.LargestDifference), Small(parity.Thresholds.Tolerance!.Value)];
        if (parity.Ranking is not { } ranking) yield break;
        yield return
        [
            "MaxSim drift, mean (largest)", $"{Small(ranking.MeanDrift)} ({Small(ranking.LargestDrift)})",
            FormattableString.Invariant($"scores: {ranking.MeanScore:0.00} on average"),
        ];
        yield return
        [
            "Kendall's tau of the rankings", ranking.KendallTau.ToString("0.0000", CultureInfo.InvariantCulture),
            $"{ShownText.Count(ranking.Queries, "query", "queries")}, {ShownText.Count(ranking.Documents, "document")}",
        ];
        yield return ["Same best document", Percent(ranking.SameBest), ""];
        yield return [FormattableString.Invariant($"Same {ranking.Top} best documents"), Percent(ranking.Overlap), ""];
    }

    private static string[] Row(ColbertTextParity text) =>
    [
        text.Passed ? "passed" : "missed",
        text.Kind.ToString(),
        Short(text.Text),
        text.Explanation,
        text.WorstToken is null ? "" : text.WorstText.Length > 0 ? $"{text.WorstToken} (“{Short(text.WorstText)}”)" : text.WorstToken,
        Number(text.TokenCount),
        Number(text.ReferenceTokenCount),
        Cosine(text.MeanCosine),
        Cosine(text.SmallestCosine),
        Small(text.LargestDifference),
    ];

    private static string Short(string text)
    {
        if (text.Length <= MostCharacters) return text;
        int cut = char.IsHighSurrogate(text[MostCharacters - 1]) ? MostCharacters - 1 : MostCharacters;
        return text[..cut] + "…";
    }

    private static string Weights(bool isQuantized) => isQuantized ? "INT8" : "FP32";

    private static string Cosine(double value) => value.ToString("0.000000", CultureInfo.InvariantCulture);

    private static string Small(double value) => value.ToString(value is >= 0.001 or 0 ? "0.####" : "0.0e+0", CultureInfo.InvariantCulture);

    private static string Percent(double part) => (part * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %";

    private static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
