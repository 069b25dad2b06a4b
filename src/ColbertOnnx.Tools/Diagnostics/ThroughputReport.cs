using System.Globalization;
using ColbertOnnx.Diagnostics.Html;

namespace ColbertOnnx.Diagnostics;

/// <summary>Results as a page: a table, a curve for each thing that was varied, and the latency of each configuration.</summary>
internal static class ThroughputReport
{
    private static readonly string[] Header =
    [
        "Provider", "Weights", "Sessions", "Threads", "Batch", "Documents/s", "min to max", "Tokens/s", "Share of raw loop", "by CPU time",
        "Share of limit", "by CPU time", "p50 ms", "p95 ms", "p99 ms", "Load s", "Peak MB",
    ];

    private static readonly
        (string Name, Func<ThroughputConfiguration, string> Value, Func<ThroughputConfiguration, double> Order)[] Varied =
    [
        ("Sessions", c => Number(c.Sessions), c => c.Sessions),
        ("Batch size", Batch, c => c.BatchSize ?? 0),
        ("Threads of a session", c => Number(c.ThreadsPerSession), c => c.ThreadsPerSession),
        ("Weights", Weights, c => c.IsQuantized ? 1 : 0),
        ("Provider", Provider, _ => 0),
    ];

    public static string Write(IReadOnlyList<ColbertThroughput> results)
    {
        ColbertThroughput first = results[0];
        var page = new HtmlPage("ColBERT throughput");
        page.Paragraph(
            $"Model: {first.Configuration.Model}. {(first.Configuration.Kind == TextKind.Query ? "Queries" : "Documents")}: "
                + $"{first.Texts}; {Number(first.Repeat)} rounds. "
                + $"{first.Measured.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC.");
        page.Paragraph((first.Environment with
        {
            Provider = string.Join(" and ", results.Select(result => result.Environment.Provider).Distinct()),
        }).ToString());
        page.Table(Header, results.Select(Row), firstNumber: 5);
        page.Paragraph(
            "Share of raw loop: the encoder's speed, from strings to embeddings in order, in relation to a loop over the same batches "
                + "already tokenized, in turns in the same run; by the clock and by CPU time.");
        if (results.Any(result => result.Limit is not null))
            page.Paragraph(
                "Share of limit: the encoder's speed in relation to that of its multiply-adds alone, at the speed of ONNX Runtime's "
                    + "matrix products on matrices that lie in the cache.");

        foreach ((string name, Func<ThroughputConfiguration, string> value, Func<ThroughputConfiguration, double> order) in Varied)
        {
            string[] places = [.. results.Select(r => r.Configuration).OrderBy(order).Select(value).Distinct()];
            if (places.Length == 1) continue;
            page.Heading(name);
            page.Drawings(
            [
                SvgCurves.Draw("Documents a second", name, places, Series(results, value, places, r => r.DocumentsPerSecond)),
                SvgCurves.Draw("Share of the raw session loop", name, places, Series(results, value, places, r => r.ShareOfRawLoop)),
                SvgCurves.Draw("Peak memory, MB", name, places, Series(results, value, places, r => Megabytes(r.PeakMemoryBytes))),
            ]);
        }

        page.Heading("Latency of single texts");
        page.Drawings(results.Select(r => SvgHistogram.Draw(
            Describe(r.Configuration), "milliseconds", r.Latency.Samples,
            [("p50", r.Latency.P50.Median), ("p95", r.Latency.P95.Median), ("p99", r.Latency.P99.Median)])));
        return page.ToString();
    }

    private static string[] Row(ColbertThroughput result) =>
    [
        Provider(result.Configuration),
        Weights(result.Configuration),
        Number(result.Configuration.Sessions),
        Number(result.Configuration.ThreadsPerSession),
        Batch(result.Configuration),
        Number(result.DocumentsPerSecond.Median, "#,0.0"),
        $"{Number(result.DocumentsPerSecond.Minimum, "#,0.0")} to {Number(result.DocumentsPerSecond.Maximum, "#,0.0")}",
        Number(result.TokensPerSecond.Median, "#,0"),
        Number(result.ShareOfRawLoop.Median, "0.000"),
        Number(result.ShareByCpuTime.Median, "0.000"),
        result.Limit is { } limit ? Number(limit.Share.Median, "0.000") : "",
        result.Limit is { } same ? Number(same.ShareByCpuTime.Median, "0.000") : "",
        Number(result.Latency.P50.Median, "0.0"),
        Number(result.Latency.P95.Median, "0.0"),
        Number(result.Latency.P99.Median, "0.0"),
        Number(result.LoadSeconds.Median, "0.00"),
        Number(result.PeakMemoryBytes.Maximum / 1e6, "#,0"),
    ];

    /// <summary>A curve for each way in which the others differ.</summary>
    private static List<SvgSeries> Series(
        IReadOnlyList<ColbertThroughput> results, Func<ThroughputConfiguration, string> value, string[] places,
        Func<ColbertThroughput, Spread> measured)
    {
        Func<ThroughputConfiguration, string>[] others =
        [
            .. Varied.Select(v => v.Value).Where(v => v != value && results.Select(r => v(r.Configuration)).Distinct().Count() > 1),
        ];
        var named = Varied.Where(v => others.Contains(v.Value)).ToArray();
        string NameOf(ThroughputConfiguration c) =>
            named.Length == 0
                ? c.Model
                : string.Join(
                    ", ",
                    named.Select(v => v.Name is "Weights" or "Provider" ? v.Value(c) : $"{v.Name.ToLowerInvariant()}: {v.Value(c)}"));
        return
        [
            .. results.GroupBy(r => NameOf(r.Configuration)).Select(group =>
                new SvgSeries(
                    group.Key,
                    [
                        .. places.Select(place =>
                            group.FirstOrDefault(r => value(r.Configuration) == place) is { } found ? measured(found) : (Spread?)null),
                    ])),
        ];
    }

    private static Spread Megabytes(Spread bytes) => new(bytes.Minimum / 1e6, bytes.Median / 1e6, bytes.Maximum / 1e6);

    private static string Describe(ThroughputConfiguration c) =>
        $"{(c.ExecutionProviders.Count == 0 ? "" : $"{Provider(c)}, ")}{Weights(c)}, "
            + $"sessions: {Number(c.Sessions)}, threads: {Number(c.ThreadsPerSession)}, batch: {Batch(c)}";

    private static string Provider(ThroughputConfiguration c) =>
        c.ExecutionProviders.Count == 0 ? "Cpu" : string.Join(", ", c.ExecutionProviders);

    private static string Weights(ThroughputConfiguration c) => c.IsQuantized ? "INT8" : "FP32";

    private static string Batch(ThroughputConfiguration c) => c.BatchSize is { } size ? Number(size) : "by length";

    private static string Number(double value, string format = "0") => value.ToString(format, CultureInfo.InvariantCulture);
}
