using System.Globalization;
using ColbertOnnx.Diagnostics;

namespace ColbertOnnx.Cli;

/// <summary>A comparison on the output, for people.</summary>
internal static class ParityLines
{
    private const int MostCharacters = 60;

    public static void Write(TextWriter text, ColbertParity parity)
    {
        text.WriteLine(
            $"{ShownText.Of(parity.Model)} ({(parity.IsQuantized ? "INT8" : "FP32")}) against "
                + $"{ShownText.Of(parity.Reference)}{(parity.MadeBy is null ? "" : $", made by {ShownText.Of(parity.MadeBy)}")}");
        Line(
            text, "texts",
            $"{Number(parity.Texts)} ({Count(parity.Queries, "query", "queries")}), {Count(parity.Rows, "token vector")}; "
                + $"{(parity.Passed ? "all passed" : $"{Number(parity.Missed)} missed, {Number(parity.OtherRows)} of another length")}");
        Line(
            text, "cosine",
            string.Create(
                CultureInfo.InvariantCulture,
                $"mean {parity.MeanCosine:0.000000}, smallest {parity.SmallestCosine:0.000000}; 99 % have at least "
                    + $"{parity.Cosine.P99:0.000000}"));
        Line(
            text, "difference",
            FormattableString.Invariant(
                $"largest {parity.LargestDifference:0.0e+0}; in half of the texts at most {parity.Difference.P50:0.0e+0}"));
        if (parity.Ranking is { } ranking)
        {
            Line(
                text, "MaxSim drift",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"mean {ranking.MeanDrift:0.0e+0}, largest {ranking.LargestDrift:0.0e+0} "
                        + $"(scores of {ranking.MeanScore:0.0} on average)"));
            Line(
                text, "ranking",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Kendall's tau {ranking.KendallTau:0.0000}, same best {ranking.SameBest * 100:0.#} %, same top {ranking.Top} "
                        + $"{ranking.Overlap * 100:0.#} % ({Count(ranking.Queries, "query", "queries")}, "
                        + $"{Count(ranking.Documents, "document")})"));
        }

        Line(
            text, "thresholds",
            string.Create(
                CultureInfo.InvariantCulture,
                $"cosine {parity.Thresholds.MinimumCosine}, mean {parity.Thresholds.MinimumMeanCosine}, difference "
                    + $"{parity.Thresholds.Tolerance}"));
        foreach ((ColbertParityCause cause, long count) in parity.Causes) Line(text, "cause", $"{cause} in {Count(count, "text")}");
        foreach (string sentence in parity.SettingsThatDiffer) Line(text, "setting", sentence);
        ColbertTextParity[] missed = [.. parity.Worst.Where(worst => !worst.Passed)];
        foreach (ColbertTextParity worst in missed) text.WriteLine($"  {Of(worst)}");
        if (parity.Passed && parity.Worst.Count > 0) Line(text, "worst", Of(parity.Worst[0]));
    }

    /// <summary>One text in a line.</summary>
    public static string Of(ColbertTextParity text)
    {
        string vectors = text.TokenCount == text.ReferenceTokenCount
            ? Number(text.TokenCount)
            : $"{Number(text.TokenCount)}/{Number(text.ReferenceTokenCount)}";
        string worst = text.WorstToken is null ? "" : $" at '{ShownText.Of(text.WorstToken)}'";
        string why = text.Explanation.Length == 0 ? "" : $"  {ShownText.Message(text.Explanation)}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(text.Passed ? "ok  " : "MISS")} {text.Number,4} {(text.Kind == TextKind.Query ? "query   " : "document")} {vectors,7} "
                + $"vectors  cosine {text.MeanCosine:0.00000}, least {text.SmallestCosine:0.00000}{worst}, difference "
                + $"{text.LargestDifference:0.0e+0}  \"{ShownText.Of(text.Text, MostCharacters)}\"{why}");
    }

    private static string Count(long count, string one, string? many = null) => ShownText.Count(count, one, many, "#,0");

    private static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static void Line(TextWriter text, string name, string value) => text.WriteLine($"  {name,-15}  {ShownText.Message(value)}");
}
