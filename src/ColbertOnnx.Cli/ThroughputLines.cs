using System.Globalization;
using ColbertOnnx.Cli.Streams;
using ColbertOnnx.Diagnostics;

namespace ColbertOnnx.Cli;

/// <summary>Results of a measurement on the output: for people, or a line of JSON each.</summary>
internal static class ThroughputLines
{
    public static void Write(Terminal terminal, IReadOnlyList<ColbertThroughput> results, bool json)
    {
        foreach (string warning in results.SelectMany(result =>
            result.Warnings.Select(warning => $"{result.Configuration.Model}: {warning}")).Distinct())
            terminal.Note(warning);
        foreach (ColbertThroughput result in results)
        {
            if (json) terminal.Text.WriteLine(result.ToJson());
            else Write(terminal.Text, result);
        }

        if (!json) terminal.Line(results[0].Environment.ToString());
        terminal.Flush();
    }

    private static void Write(TextWriter text, ColbertThroughput result)
    {
        text.WriteLine(ShownText.Whole(result.Configuration.ToString()));
        string kind = result.Configuration.Kind == TextKind.Query ? "queries" : "documents";
        Line(text, kind, FormattableString.Invariant($"{result.Texts}; {ShownText.Count(result.Repeat, "round")}"));
        if (result.Texts.Truncated > 0)
            Line(text, "", FormattableString.Invariant($"{result.Texts.Truncated} of them cut to the model's limit"));
        Line(text, "documents/s", Spread(result.DocumentsPerSecond, "#,0.0"));
        Line(text, "tokens/s", Spread(result.TokensPerSecond, "#,0"));
        Line(text, "share of raw loop", Spread(result.ShareOfRawLoop, "0.000"));
        Line(text, "  by CPU time", Spread(result.ShareByCpuTime, "0.000"));
        if (result.Limit is { } limit) Write(text, limit);
        ThroughputLatency latency = result.Latency;
        Line(
            text, "latency, ms",
            string.Create(
                CultureInfo.InvariantCulture,
                $"p50 {latency.P50.Median:0.00}, p95 {latency.P95.Median:0.00}, p99 {latency.P99.Median:0.00}"));
        foreach (ColbertProviderShare share in result.Providers)
            Line(
                text, "runs on",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{share.Name}, {share.Nodes} of {share.AllNodes} nodes, {share.MatrixProducts} of {share.AllMatrixProducts} "
                        + $"matrix products"));
        Line(text, "load, s", Spread(result.LoadSeconds, "0.00"));
        Line(
            text, "peak memory, MB",
            Spread(
                new(result.PeakMemoryBytes.Minimum / 1e6, result.PeakMemoryBytes.Median / 1e6, result.PeakMemoryBytes.Maximum / 1e6),
                "#,0"));
        text.WriteLine();
    }

    private static void Write(TextWriter text, ThroughputLimit limit)
    {
        Line(text, "share of limit", Spread(limit.Share, "0.000"));
        Line(text, "  by CPU time", Spread(limit.ShareByCpuTime, "0.000"));
        (double PerText, Spread? PerSecond, string Type)[] all =
        [
            (limit.Int8PerText, limit.Int8PerSecond, "INT8"), (limit.FloatPerText, limit.FloatPerSecond, "FP32"),
        ];
        Line(text, "  multiply-adds", string.Join(", ", all.Where(type => type.PerSecond is not null).Select(type =>
            FormattableString.Invariant($"{Count(type.PerText)} {type.Type} a text at {type.PerSecond!.Value.Median / 1e9:0} G/s"))));
    }

    private static string Count(double number) =>
        number < 1e8 ? FormattableString.Invariant($"{number / 1e6:0.00} M") : FormattableString.Invariant($"{number / 1e9:0.00} G");

    private static void Line(TextWriter text, string name, string value) => text.WriteLine($"  {name,-19}  {ShownText.Whole(value)}");

    private static string Spread(Spread spread, string format)
    {
        string Number(double value) => value.ToString(format, CultureInfo.InvariantCulture);
        return $"{Number(spread.Median)}  ({Number(spread.Minimum)} to {Number(spread.Maximum)})";
    }
}
