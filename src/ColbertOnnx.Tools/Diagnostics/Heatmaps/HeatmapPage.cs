using System.Globalization;
using System.Net;
using System.Text;
using ColbertOnnx.Diagnostics.Html;

namespace ColbertOnnx.Diagnostics.Heatmaps;

/// <summary>Heat maps as a page: tables whose words stay in sight while a long document scrolls. No script.</summary>
internal static class HeatmapPage
{
    private const int MostText = 2000;

    private static readonly string Style = $$"""
        .map { overflow: auto; max-height: 85vh; width: fit-content; max-width: 100%; margin-bottom: .8rem; border: 1px solid var(--line); } .map table { border-collapse: separate; border-spacing: 1px; }
        .map td { padding: 0; border: 0; width: 18px; min-width: 18px; height: 18px; } .map th { position: sticky; border: 0; background: var(--ground); font: 12px system-ui, sans-serif; }
        .map thead th { top: 0; z-index: 1; padding: 4px 0; vertical-align: bottom; } .map thead th span { display: inline-block; writing-mode: vertical-rl; transform: rotate(180deg); line-height: 18px; }
        .map tbody th { left: 0; padding: 0 6px; text-align: right; } .map thead th:first-child { left: 0; z-index: 2; }
        .map .best::after { content: ""; display: block; box-sizing: border-box; width: 8px; height: 8px; margin: auto; border: 1px solid var(--ink); border-radius: 50%; background: var(--ground); }
        svg .best { fill: var(--ground); stroke: var(--ink); }
        {{ColourRamp.Css("background")}}
        {{ColourRamp.Css("fill")}}
        """;

    public static string Write(IReadOnlyList<Heatmap> maps)
    {
        string first = Heatmap.Short(maps[0].Similarity.Query.Text, 80);
        bool isOne = maps.All(map => map.Similarity.Query.Text == maps[0].Similarity.Query.Text);
        var page = new HtmlPage(isOne ? $"Heat map: {first}" : "Heat maps", Style);
        var legend = new SvgDrawing(420, 40, "Colours of the cosine");
        HeatmapSvg.DrawLegend(legend, 4, 0);
        page.Drawings([legend.ToString()]);
        page.Paragraph(
            "Query tokens on the left, document tokens on top; · continues a word. A cell says its cosine to who points at it. The dots "
                + "add up to the MaxSim score.");
        foreach (Heatmap map in maps) Add(page, map, isOne);
        return page.ToString();
    }

    private static void Add(HtmlPage page, Heatmap map, bool isOne)
    {
        ColbertSimilarity similarity = map.Similarity;
        string score = string.Create(CultureInfo.InvariantCulture, $"MaxSim {similarity.Score:F4}, {map.Rows} × {map.Columns} tokens");
        page.Heading(string.Create(
            CultureInfo.InvariantCulture,
            $"{(similarity.Rank is { } rank ? $"{rank}. " : "")}{Heatmap.Short(similarity.Id ?? similarity.Text, 80)}"));
        page.Paragraph(isOne ? score : $"Query: {Heatmap.Short(similarity.Query.Text, MostText)} ({score})");
        page.Paragraph(Heatmap.Short(similarity.Text, MostText));
        page.Raw(Table(map));
        page.Table(
            ["query token", "document token", "cosine"],
            similarity.Matches.Select(match => (IReadOnlyList<string>)
            [
                Heatmap.Short(map.QueryWords[match.QueryRow]),
                match.DocumentRow < 0 ? "" : Heatmap.Short(map.DocumentWords[match.DocumentRow]),
                match.Cosine.ToString("F4", CultureInfo.InvariantCulture),
            ]),
            2,
            "What each query token took");
    }

    private static string Table(Heatmap map)
    {
        var table = new StringBuilder("<div class=\"map\" tabindex=\"0\"><table>\n<thead><tr><th></th>");
        foreach (string word in map.DocumentWords) Head(table, "col", word, upright: true);
        table.Append("</tr></thead>\n<tbody>\n");
        for (int i = 0; i < map.Rows; i++)
        {
            table.Append("<tr>");
            Head(table, "row", map.QueryWords[i], upright: false);
            for (int j = 0; j < map.Columns; j++)
                table.Append(
                    CultureInfo.InvariantCulture,
                    $"<td class=\"h{ColourRamp.StepOf(map[i, j])}{(map.Best[i] == j ? " best" : "")}\" "
                        + $"title=\"{WebUtility.HtmlEncode(map.Tip(i, j))}\"></td>");
            table.Append("</tr>\n");
        }

        return table.Append("</tbody></table></div>\n").ToString();
    }

    private static void Head(StringBuilder table, string scope, string word, bool upright)
    {
        string shown = Heatmap.Short(word);
        table.Append("<th scope=\"").Append(scope).Append('"');
        if (shown != word) table.Append(" title=\"").Append(WebUtility.HtmlEncode(Heatmap.Short(word, 500))).Append('"');
        table.Append(upright ? "><span>" : ">").Append(WebUtility.HtmlEncode(shown)).Append(upright ? "</span></th>" : "</th>");
    }
}
