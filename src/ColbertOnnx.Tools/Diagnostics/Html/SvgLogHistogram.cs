using System.Globalization;
using ColbertOnnx.Diagnostics.Parity;

namespace ColbertOnnx.Diagnostics.Html;

/// <summary>Counts over powers of ten, with named marks.</summary>
internal static class SvgLogHistogram
{
    private const int Width = 600, Left = 60, Right = 20, Top = 56, Plot = 160, Bottom = 44, BarsOfDecade = 8;

    public static string Draw(string title, string axis, LogHistogram counts, IReadOnlyList<(string Name, double Value)> marks)
    {
        var drawing = new SvgDrawing(Width, Top + Plot + Bottom, title);
        drawing.Text(Left, 18, title);
        IReadOnlyList<(double From, double To, long Count)> bars = counts.Bars(BarsOfDecade);
        double[] shown = [.. marks.Select(mark => mark.Value).Where(value => value > 0)];
        int first = Decade(shown.Append(bars.Count == 0 ? 1e-6 : bars[0].From * 1.01).Min()),
            last = Decade(shown.Append(bars.Count == 0 ? 1e-5 : bars[^1].To * 0.99).Max()) + 1;
        double At(double value) => Left + ((Math.Log10(value) - first) / (last - first) * (Width - Left - Right));

        SvgScale up = SvgScale.For(Math.Max(1, bars.Count == 0 ? 1 : bars.Max(bar => bar.Count)), Top + Plot, Top);
        foreach (double tick in up.Ticks.Where(tick => tick == Math.Floor(tick)))
        {
            drawing.Line(Left, up.At(tick), Width - Right, up.At(tick), tick == 0 ? "axis" : "grid");
            drawing.Text(Left - 8, up.At(tick) + 4, SvgScale.Label(tick), "end", "soft");
        }

        for (int decade = first; decade <= last; decade++)
            drawing.Text(At(Math.Pow(10, decade)), Top + Plot + 18, Label(decade), "middle", "soft");
        drawing.Text(Left + ((Width - Left - Right) / 2.0), Top + Plot + 36, axis, "middle", "soft");
        foreach ((double from, double to, long count) in bars)
        {
            if (count == 0) continue;
            string tip = string.Create(CultureInfo.InvariantCulture, $"{from:0.0e+0} to {to:0.0e+0}: {count}");
            drawing.Rectangle(At(from) + 0.5, up.At(count), Math.Max(1, At(to) - At(from) - 1), up.At(0) - up.At(count), "fill c0", tip);
        }

        foreach ((string name, double value) in marks)
        {
            if (value <= 0) continue;
            drawing.Line(At(value), Top, At(value), Top + Plot, "mark");
            bool isRight = At(value) > Width - 120;
            drawing.Text(
                isRight ? At(value) - 4 : At(value) + 4, Top - 8, string.Create(CultureInfo.InvariantCulture, $"{name} {value:0.####}"),
                isRight ? "end" : "start");
        }

        return drawing.ToString();
    }

    private static int Decade(double value) => (int)Math.Floor(Math.Log10(value));

    private static string Label(int decade) =>
        decade is >= -3 and <= 3
            ? Math.Pow(10, decade).ToString("0.###", CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"1e{decade}");
}
