using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ColbertOnnx.Diagnostics.Heatmaps;
using ColbertOnnx.Tests.Scoring;

namespace ColbertOnnx.Tests.Diagnostics;

public sealed partial class HeatmapTests
{
    private const string Hostile = "<script>alert(\"x\")</script> & 'it' \u0001\uFFFE]]>";

    [Fact]
    public void A_drawing_has_a_cell_for_each_pair_with_its_exact_value()
    {
        ColbertSimilarity similarity = Make(7, 130);
        XDocument svg = XDocument.Parse(HeatmapSvg.Draw(new Heatmap(similarity)));
        XElement[] cells =
        [
            .. svg.Descendants()
                .Where(e => e.Name.LocalName == "rect" && e.Elements().Any(t => t.Value.Contains('×', StringComparison.Ordinal))),
        ];
        Assert.Equal(7 * 130, cells.Length);
        Heatmap map = new(similarity);
        Assert.Equal(7 * 130, cells.Select(cell => cell.Value.Split(':')[0]).Distinct().Count());
        foreach (XElement cell in cells)
        {
            Match said = Tip().Match(cell.Value);
            int i = int.Parse(said.Groups[1].Value, CultureInfo.InvariantCulture),
                j = int.Parse(said.Groups[2].Value, CultureInfo.InvariantCulture);
            double exact = ScoredRows.Dot(similarity.Query.Values.Span, i, similarity.Document.Values.Span, j, 24);
            Assert.Equal(exact, map[i, j], 1e-6);
            Assert.Equal(exact, double.Parse(said.Groups[3].Value, CultureInfo.InvariantCulture), 6e-5);
            Assert.Equal($"h{(int)Math.Round(Math.Clamp(map[i, j], 0, 1) * 20)}", (string)cell.Attribute("class")!);
        }
    }

    [Fact]
    public void Marked_cells_are_the_best_of_each_row_and_add_up_to_the_score()
    {
        ColbertSimilarity similarity = Make(9, 70);
        foreach (string drawn in new[] { HeatmapSvg.Draw(new Heatmap(similarity)), HeatmapPage.Write([new Heatmap(similarity)]) })
        {
            double[] marked =
            [
                .. Best().Matches(WebUtility.HtmlDecode(drawn)).Select(m => double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)),
            ];
            Assert.Equal(9, Regex.Matches(WebUtility.HtmlDecode(drawn), "class=\"best\"[^>]*><title>[^<]*×|class=\"h\\d+ best\"").Count);
            Assert.Equal(similarity.Score, marked.Distinct().Sum(), 9 * 6e-5);
        }
    }

    [Fact]
    public void A_long_document_goes_on_below_and_the_drawing_grows_no_wider()
    {
        (double Width, double Height) small = SizeOf(Make(5, 60)), large = SizeOf(Make(5, 600));
        Assert.InRange(large.Width, small.Width, small.Width + 20);
        Assert.InRange(large.Height, small.Height * 4, small.Height * 10);
        Assert.InRange(large.Width, 0, 1400);

        static (double Width, double Height) SizeOf(ColbertSimilarity similarity)
        {
            XElement svg = XDocument.Parse(HeatmapSvg.Draw(new Heatmap(similarity))).Root!;
            double width = (double)svg.Attribute("width")!, height = (double)svg.Attribute("height")!;
            foreach (XElement e in svg.Descendants().Where(e => e.Attribute("x") is not null))
            {
                Assert.InRange((double)e.Attribute("x")!, 0, width);
                Assert.InRange((double)e.Attribute("y")!, 0, height);
            }

            return (width, height);
        }
    }

    [Fact]
    public void Words_and_texts_are_escaped()
    {
        ColbertSimilarity similarity = Make(2, 3, Hostile, [Hostile, "b", "c"]);
        string svg = HeatmapSvg.Draw(new Heatmap(similarity)), page = HeatmapPage.Write([new Heatmap(similarity)]);
        Assert.Contains(XDocument.Parse(svg).Descendants(), e => e.Value.Contains("<script>alert(\"x\")", StringComparison.Ordinal));
        foreach (string drawn in new[] { svg, page })
        {
            Assert.DoesNotContain("<script", drawn, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain('\u0001', drawn);
            Assert.DoesNotContain('\uFFFE', drawn);
            Assert.DoesNotContain(
                "http", drawn.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Long_words_are_cut_and_whole_ones_are_in_the_tip()
    {
        string word = new('w', 80);
        string page = HeatmapPage.Write([new Heatmap(Make(1, 2, "q", [word, "b"]))]);
        Assert.Contains($"title=\"{word}\"", page, StringComparison.Ordinal);
        Assert.Contains($"<span>{word[..23]}…</span>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_words_rows_and_columns_have_numbers()
    {
        var random = new Random(1);
        ColbertSimilarity similarity = ColbertSimilarity.Of(ScoredRows.Query(random, 3), ScoredRows.Document(random, "d", 4));
        Assert.Equal(["0", "1", "2", "3"], new Heatmap(similarity).DocumentWords);
        Assert.Contains("0 × 3: ", WebUtility.HtmlDecode(HeatmapPage.Write([new Heatmap(similarity)])), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_document_is_drawn_too()
    {
        ColbertSimilarity similarity = ColbertSimilarity.Of(ScoredRows.Query(new Random(2), 3), new(TextKind.Document, "", default, 24));
        Assert.Equal("svg", XDocument.Parse(HeatmapSvg.Draw(new Heatmap(similarity))).Root!.Name.LocalName);
        Assert.Contains("<td></td>", HeatmapPage.Write([new Heatmap(similarity)]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void More_is_darker_or_brighter_all_the_way_in_even_steps(bool dark)
    {
        double[] lightness = [.. Enumerable.Range(0, ColourRamp.Steps + 1).Select(step => ColourRamp.Lightness(step, dark))];
        double[] steps = [.. lightness.Zip(lightness.Skip(1), (a, b) => dark ? b - a : a - b)];
        Assert.All(steps, step => Assert.InRange(step, 0.02, 0.06));
        Assert.InRange(Math.Abs(lightness[^1] - lightness[0]), 0.6, 1);
        foreach (string property in new[] { "fill", "background" })
        {
            string css = ColourRamp.Css(property);
            for (int step = 0; step <= ColourRamp.Steps; step++)
                Assert.Equal(2, Regex.Matches(css, $@"\.h{step} {{ {property}: #[0-9a-f]{{6}}; }}").Count);
        }
    }

    [Fact]
    public void Files_that_cannot_be_are_refused()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("there.svg", "mine");
        ColbertSimilarity small = Make(2, 3), large = Make(64, 4000);
        Assert.Equal(ColbertErrorId.InputInvalid, Failure("map.png", [small]));
        Assert.Equal(ColbertErrorId.InputInvalid, Failure("map.svg", [small, small]));
        Assert.Equal(ColbertErrorId.InputInvalid, Failure("map.html", []));
        Assert.Equal(ColbertErrorId.InputInvalid, Failure("map.html", [large]));
        Assert.Equal(ColbertErrorId.OutputExists, Failure("there.svg", [small]));
        Assert.Equal([folder.File("there.svg")], Directory.EnumerateFileSystemEntries(folder.Path));
        Assert.Equal("mine", File.ReadAllText(folder.File("there.svg")));
        HeatmapFile.Write(folder.File("there.svg"), [small], force: true);
        HeatmapFile.Write(folder.File("new/two.HTML"), [small, small], force: false);
        Assert.StartsWith("<svg", File.ReadAllText(folder.File("there.svg")), StringComparison.Ordinal);
        Assert.Equal(2, Regex.Matches(File.ReadAllText(folder.File("new/two.HTML")), "<div class=\"map\"").Count);

        ColbertErrorId Failure(string name, ColbertSimilarity[] similarities) =>
            Assert.Throws<ColbertException>(() => HeatmapFile.Write(folder.File(name), similarities, force: false)).Id;
    }

    private static ColbertSimilarity Make(int rows, int columns, string? text = null, string[]? words = null)
    {
        var random = new Random((rows * 1000) + columns);
        ColbertEmbedding query = new(TextKind.Query, text ?? "a query", ScoredRows.Random(random, rows, 24), 24)
        {
            Tokens = [.. Enumerable.Range(0, rows).Select(i => $"{i}")],
        };
        ColbertEmbedding document = new(TextKind.Document, text ?? "a text", ScoredRows.Random(random, columns, 24), 24)
        {
            Tokens = words ?? [.. Enumerable.Range(0, columns).Select(i => $"{i}")],
        };
        return ColbertSimilarity.Of(query, document);
    }

    [GeneratedRegex(@"^(\d+) × (\d+): (-?\d\.\d{4})")]
    private static partial Regex Tip();

    [GeneratedRegex(@"(-?\d\.\d{4}), the best of its row")]
    private static partial Regex Best();
}
