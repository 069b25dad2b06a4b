using System.Globalization;
using ColbertOnnx.Diagnostics.Html;

namespace ColbertOnnx.Diagnostics.Heatmaps;

/// <summary>
/// One heat map as a drawing that stands alone. A long document goes on in further bands below, as a text goes on in further lines.
/// </summary>
internal static class HeatmapSvg
{
    private const int Cell = 18, BandColumns = 60, Margin = 16, Line = 18, Head = 3 * Line, Legend = 54, Gap = 20, SmallestPlot = 420;

    private static readonly string Style = $$"""
        :root { color-scheme: light dark; --ground: #fff; --ink: #1b1f24; --soft: #59636e; }
        @media (prefers-color-scheme: dark) { :root { --ground: #14181d; --ink: #e6edf3; --soft: #9aa6b2; } }
        .ground { fill: var(--ground); } text { fill: var(--ink); font: 12px system-ui, sans-serif; } .soft { fill: var(--soft); } rect { shape-rendering: crispEdges; }
        .best { fill: var(--ground); stroke: var(--ink); pointer-events: none; }
        {{ColourRamp.Css("fill")}}
        """;

    public static string Draw(Heatmap map)
    {
        int columns = Math.Min(Math.Max(map.Columns, 1), BandColumns), bands = Math.Max(1, (map.Columns + BandColumns - 1) / BandColumns);
        int left = Margin + Longest(map.QueryWords, 0, map.Rows) + 8;
        int width = left + Math.Max(columns * Cell, SmallestPlot - left) + Margin;
        int[] heads = [.. Enumerable.Range(0, bands).Select(band => Longest(map.DocumentWords, band * BandColumns, BandColumns) + 8)];
        int height = Margin + Head + Legend + heads.Sum(head => head + (map.Rows * Cell) + Gap);

        ColbertSimilarity similarity = map.Similarity;
        var drawing = new SvgDrawing(width, height, Heatmap.Short($"Heat map: {similarity.Query.Text} / {similarity.Text}", 200), Style);
        int fitting = (width - (2 * Margin)) / 7;
        drawing.Text(Margin, Margin + 12, Heatmap.Short($"Query: {similarity.Query.Text}", fitting));
        drawing.Text(
            Margin, Margin + Line + 12, Heatmap.Short($"Document: {(similarity.Id is { } id ? $"{id}: " : "")}{similarity.Text}", fitting));
        drawing.Text(
            Margin, Margin + (2 * Line) + 12,
            string.Create(CultureInfo.InvariantCulture, $"MaxSim {similarity.Score:F4}, {map.Rows} × {map.Columns} tokens"), style: "soft");
        DrawLegend(drawing, Margin, Margin + Head);
        int top = Margin + Head + Legend;
        for (int band = 0; band < bands; band++)
        {
            DrawBand(drawing, map, band * BandColumns, left, top + heads[band]);
            top += heads[band] + (map.Rows * Cell) + Gap;
        }

        return drawing.ToString();
    }

    /// <summary>The colours with their numbers, and what the dot means.</summary>
    public static void DrawLegend(SvgDrawing drawing, int x, int y)
    {
        const int Step = 9;
        for (int i = 0; i <= ColourRamp.Steps; i++)
            drawing.Rectangle(
                x + (i * Step), y + 4, Step, 12, $"h{i}",
                string.Create(CultureInfo.InvariantCulture, $"cosine {(double)i / ColourRamp.Steps:0.00}{(i == 0 ? " and less" : "")}"));
        foreach (double tick in (double[])[0, 0.5, 1])
            drawing.Text(
                x + (Step / 2) + (tick * ColourRamp.Steps * Step), y + 30,
                tick == 0 ? "≤ 0" : tick.ToString("0.0", CultureInfo.InvariantCulture), "middle", "soft");
        int right = x + ((ColourRamp.Steps + 1) * Step) + 20;
        drawing.Text(right, y + 14, "cosine");
        drawing.Dot(right + 62, y + 10, "best", "best of its row");
        drawing.Text(right + 72, y + 14, "best of its row");
    }

    private static void DrawBand(SvgDrawing drawing, Heatmap map, int first, int left, int top)
    {
        int last = Math.Min(first + BandColumns, map.Columns);
        for (int j = first; j < last; j++) drawing.TextUp(left + ((j - first) * Cell) + 13, top - 4, Heatmap.Short(map.DocumentWords[j]));
        for (int i = 0; i < map.Rows; i++)
        {
            int y = top + (i * Cell);
            drawing.Text(left - 6, y + 13, Heatmap.Short(map.QueryWords[i]), "end");
            for (int j = first; j < last; j++)
                drawing.Rectangle(left + ((j - first) * Cell), y, Cell - 1, Cell - 1, $"h{ColourRamp.StepOf(map[i, j])}", map.Tip(i, j));
            int best = map.Best[i];
            if (best >= first && best < last) drawing.Dot(left + ((best - first) * Cell) + 8.5, y + 8.5, "best", map.Tip(i, best));
        }
    }

    // Nobody measures text here: 7 for most letters, 13 for those of East Asia and for emoji, is near enough.
    private static int Longest(IReadOnlyList<string> words, int first, int count) =>
        words.Skip(first).Take(count).Select(word => Heatmap.Short(word).Sum(c => c >= '\u1100' ? 13 : 7)).Append(7).Max();
}
