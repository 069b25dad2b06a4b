using System.Globalization;

namespace ColbertOnnx.Diagnostics.Html;

/// <summary>Curves over a few named places: medians as dots and lines, the spread as a bar through each dot.</summary>
internal static class SvgCurves
{
    private const int Width = 400, Left = 60, Right = 12, Top = 36, Plot = 220, Bottom = 44, LegendLine = 18;
    private const int Colours = 6;

    public static string Draw(string title, string axis, IReadOnlyList<string> places, IReadOnlyList<SvgSeries> series)
    {
        int height = Top + Plot + Bottom + (series.Count > 1 ? series.Count * LegendLine : 0);
        var drawing = new SvgDrawing(Width, height, title);
        double largest = series.SelectMany(s => s.Values).Max(value => value?.Maximum ?? 0);
        SvgScale scale = SvgScale.For(largest, Top + Plot, Top);
        drawing.Text(Left, 18, title);
        foreach (double tick in scale.Ticks)
        {
            drawing.Line(Left, scale.At(tick), Width - Right, scale.At(tick), tick == 0 ? "axis" : "grid");
            drawing.Text(Left - 8, scale.At(tick) + 4, SvgScale.Label(tick), "end", "soft");
        }

        double step = (double)(Width - Left - Right) / places.Count;
        for (int i = 0; i < places.Count; i++) drawing.Text(Left + ((i + 0.5) * step), Top + Plot + 18, places[i], "middle", "soft");
        drawing.Text(Left + ((Width - Left - Right) / 2.0), Top + Plot + 36, axis, "middle", "soft");
        for (int s = 0; s < series.Count; s++)
        {
            // Side by side, so that bars of equal places do not hide each other.
            double shift = (s - ((series.Count - 1) / 2.0)) * Math.Min(8, step / (series.Count + 1));
            DrawSeries(drawing, scale, series[s], place => Left + ((place + 0.5) * step) + shift, ColourOf(s));
            if (series.Count == 1) continue;
            double y = Top + Plot + Bottom + ((s + 0.5) * LegendLine);
            drawing.Dot(Left + 4, y - 4, $"fill {ColourOf(s)}", series[s].Name);
            drawing.Text(Left + 14, y, series[s].Name);
        }

        return drawing.ToString();
    }

    private static string ColourOf(int series) => string.Create(CultureInfo.InvariantCulture, $"c{series % Colours}");

    private static void DrawSeries(SvgDrawing drawing, SvgScale scale, SvgSeries series, Func<int, double> x, string colour)
    {
        (int Place, Spread Value)[] points =
        [
            .. series.Values.Select((value, place) => (place, value)).Where(p => p.value is not null)
                .Select(p => (p.place, p.value!.Value)),
        ];
        drawing.Curve(points.Select(p => (x(p.Place), scale.At(p.Value.Median))), $"curve {colour}");
        foreach ((int place, Spread value) in points)
        {
            drawing.Line(x(place), scale.At(value.Minimum), x(place), scale.At(value.Maximum), $"curve {colour}");
            drawing.Dot(x(place), scale.At(value.Median), $"fill {colour}", $"{series.Name}: {value}");
        }
    }
}
