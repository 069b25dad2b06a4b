using System.Text.RegularExpressions;
using System.Xml.Linq;
using ColbertOnnx.Diagnostics;
using ColbertOnnx.Diagnostics.Html;

namespace ColbertOnnx.Tests.Diagnostics;

public sealed partial class ThroughputReportTests
{
    private static readonly ColbertThroughput[] Sweep =
    [
        .. from sessions in new[]
        {
            1, 2, 25,
        } from quantized in new[] { true, false } select Results.Of(documents: 100 * sessions, sessions: sessions, quantized: quantized),
    ];

    [Fact]
    public void The_page_needs_nothing_from_the_network_and_knows_both_schemes()
    {
        string page = ThroughputReport.Write(Sweep);
        Assert.DoesNotMatch(@"<(script|link|img|iframe)|url\(|@import", page);
        Assert.Equal(["http://www.w3.org/2000/svg"], Address().Matches(page).Select(match => match.Value).Distinct());
        Assert.Contains("@media (prefers-color-scheme: dark)", page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_varied_has_curves_and_every_configuration_its_histogram()
    {
        string page = ThroughputReport.Write(Sweep);
        Assert.Contains("<h2>Sessions</h2>", page, StringComparison.Ordinal);
        Assert.Contains("<h2>Weights</h2>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<h2>Batch size</h2>", page, StringComparison.Ordinal);
        // Three drawings for each of two things, two curves or three in each; and a histogram each.
        XElement[] drawings = [.. Drawings().Matches(page).Select(match => XElement.Parse(match.Value))];
        Assert.Equal(12, drawings.Length);
        Assert.Equal((3 * 2) + (3 * 3), drawings.Sum(drawing => drawing.Elements().Count(e => e.Name.LocalName == "polyline")));
        Assert.Equal(6, drawings.Count(drawing => drawing.Elements().Any(e => e.Name.LocalName == "rect")));
    }

    [Fact]
    public void One_configuration_has_no_curves()
    {
        string page = ThroughputReport.Write([Results.Of()]);
        Assert.DoesNotContain("polyline", page, StringComparison.Ordinal);
        Assert.Contains("<td class=\"number\">0.970</td>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sweep_of_providers_names_each_and_draws_both()
    {
        string page = ThroughputReport.Write(
        [
            .. from sessions in new[] { 1, 2 } from provider in new[] { "Cuda", "Cpu" }
               select Results.Of(sessions: sessions, providers: [provider]),
        ]);
        Assert.Contains("<h2>Provider</h2>", page, StringComparison.Ordinal);
        Assert.Equal(2, page.Split("<td>Cuda</td>").Length - 1);
        Assert.Contains("Cpu, INT8, sessions: 2", page, StringComparison.Ordinal);
        // Sessions: a curve for each provider; providers: one for each number of sessions.
        XElement[] drawings = [.. Drawings().Matches(page).Select(match => XElement.Parse(match.Value))];
        Assert.Equal(6 * 2, drawings.Sum(drawing => drawing.Elements().Count(e => e.Name.LocalName == "polyline")));
    }

    [Fact]
    public void Names_are_escaped()
    {
        ColbertThroughput result = Results.Of();
        string page = ThroughputReport.Write([result with { Configuration = result.Configuration with { Model = "<b>&" } }]);
        Assert.Contains("&lt;b&gt;&amp;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.97, 1, 0.2)]
    [InlineData(431, 500, 100)]
    [InlineData(1000, 1000, 200)]
    [InlineData(12, 15, 5)]
    [InlineData(0, 1e-9, 2e-10)]
    public void Axes_end_at_round_numbers_above_what_they_show(double largest, double most, double step)
    {
        SvgScale scale = SvgScale.For(largest, 100, 0);
        Assert.Equal((most, step), (scale.Most, scale.Step));
        Assert.Equal((100, 0), (scale.At(0), scale.At(most)));
    }

    [Fact]
    public void A_histogram_holds_every_value_once()
    {
        string drawing = SvgHistogram.Draw("title", "ms", [.. Enumerable.Range(1, 100).Select(i => (double)i)], [("p50", 50.5)]);
        Assert.Equal(100, Count().Matches(drawing).Sum(match => int.Parse(match.Groups[1].Value)));
    }

    [Fact]
    public void A_report_replaces_another_only_by_force_and_leaves_nothing_behind()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("old.html", "mine");
        Assert.Equal(
            ColbertErrorId.OutputExists,
            Assert.Throws<ColbertException>(() => ReportFile.Write(folder.File("old.html"), "new", force: false)).Id);
        ReportFile.Write(folder.File("old.html"), "new", force: true);
        ReportFile.Write(folder.File("below/new.html"), "page", force: false);
        Assert.Equal(("new", "page"), (File.ReadAllText(folder.File("old.html")), File.ReadAllText(folder.File("below/new.html"))));
        Assert.Equal(
            ColbertErrorId.OutputFailed,
            Assert.Throws<ColbertException>(() => ReportFile.Write(folder.File("old.html/x.html"), "page", force: false)).Id);
        Assert.Equal(2, Directory.EnumerateFileSystemEntries(folder.Path).Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("old.html/new.html")]
    [InlineData("old.html/below/new.html")]
    public void A_report_that_could_not_be_written_is_refused_before_the_work(string path)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("old.html", "mine");
        Assert.Equal(
            ColbertErrorId.OutputFailed, Assert.Throws<ColbertException>(() => ColbertReport.Check(folder.File(path), force: true)).Id);
        Assert.Equal(ColbertErrorId.InputInvalid, Assert.Throws<ColbertException>(() => ColbertReport.Check("-")).Id);
        ColbertReport.Check(folder.File("old.html"), force: true);
        ColbertReport.Check(folder.File("below/new.html"));
        Assert.Equal([folder.File("old.html")], Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [GeneratedRegex(@"https?://[^""\s]*")]
    private static partial Regex Address();

    [GeneratedRegex("<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Drawings();

    [GeneratedRegex(@"<title>[\d.]+ to [\d.]+: (\d+)</title>")]
    private static partial Regex Count();
}
