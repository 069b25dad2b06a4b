using System.Globalization;

namespace ColbertOnnx.Diagnostics.Html;

/// <summary>How often values fall into equal steps, with named marks.</summary>
internal static class SvgHistogram
{
    private const int Width = 600, Left = 60, Right = 20, Top = 74, Plot = 160, Bottom = 44, Bins = 30;

    /// <param name="values">At least one.</param>
    public static string Draw(string title, string axis, IReadOnlyList<double> values, IReadOnlyList<(string Name, double Value)> marks)
    {
        var drawing = new SvgDrawing(Width, Top + Plot + Bottom, title);
        SvgScale across = SvgScale.For(values.Concat(marks.Select(mark => mark.Value)).Max(), Left, Width - Right);
        int[] counts = new int[Bins];
        foreach (double value in values) counts[Math.Min(Bins - 1, (int)(value / across.Most * Bins))]++;
        SvgScale up = SvgScale.For(counts.Max(), Top + Plot, Top);

        drawing.Text(Left, 18, title);
        foreach (double tick in up.Ticks.Where(tick => tick == Math.Floor(tick)))
        {
            drawing.Line(Left, up.At(tick), Width - Right, up.At(tick), tick == 0 ? "axis" : "grid");
            drawing.Text(Left - 8, up.At(tick) + 4, SvgScale.Label(tick), "end", "soft");
        }

        foreach (double tick in across.Ticks) drawing.Text(across.At(tick), Top + Plot + 18, SvgScale.Label(tick), "middle", "soft");
        drawing.Text(Left + ((Width - Left - Right) / 2.0), Top + Plot + 36, axis, "middle", "soft");
        double step = across.Most / Bins;
        for (int i = 0; i < Bins; i++)
        {
            if (counts[i] == 0) continue;
            string tip = string.Create(CultureInfo.InvariantCulture, $"{i * step:0.##} to {(i + 1) * step:0.##}: {counts[i]}");
            drawing.Rectangle(
                across.At(i * step) + 1, up.At(counts[i]), across.At(step) - across.At(0) - 2, up.At(0) - up.At(counts[i]), "fill c0", tip);
        }

        DrawMarks(drawing, across, marks);
        return drawing.ToString();
    }

    // Their names stand above the plot, further down where two would touch.
    private static void DrawMarks(SvgDrawing drawing, SvgScale across, IReadOnlyList<(string Name, double Value)> marks)
    {
        double[] ends = [double.MinValue, double.MinValue, double.MinValue];
        foreach ((string name, double value) in marks)
        {
            double x = across.At(value);
            int row = Math.Max(0, Array.FindIndex(ends, end => x > end));
            drawing.Line(x, Top, x, Top + Plot, "mark");
            string label = string.Create(CultureInfo.InvariantCulture, $"{name} {value:0.##}");
            bool isRight = x > Width - 90;
            drawing.Text(isRight ? x - 3 : x + 3, Top - 32 + (row * 13), label, isRight ? "end" : "start");
            ends[row] = x + (label.Length * 7);
        }
    }
}
