using System.Globalization;
using System.Text;

namespace ColbertOnnx.Diagnostics.Heatmaps;

/// <summary>
/// Colours for cosines from 0 (and less) to 1. Each theme goes from its ground to the far end of lightness by way of blue, evenly for the
/// eye, so that more is always darker (light theme) or brighter (dark theme): that is seen without any sense of colour, and no red stands
/// beside a green.
/// </summary>
internal static class ColourRamp
{
    /// <summary>The classes are h0 to h20.</summary>
    public const int Steps = 20;

    private static readonly int[] Light = [0xEEF2F7, 0x5C9BD1, 0x06224A];
    private static readonly int[] Dark = [0x222A34, 0x2F74B3, 0xFFE9A3];

    public static int StepOf(float cosine) => (int)Math.Round(Math.Clamp(cosine, 0, 1) * Steps);

    /// <summary>A rule for each step; <paramref name="property"/> is fill in drawings and background in pages.</summary>
    public static string Css(string property)
    {
        var css = new StringBuilder();
        for (int i = 0; i <= Steps; i++) css.Append(CultureInfo.InvariantCulture, $".h{i} {{ {property}: {At(Light, i)}; }} ");
        css.Append("\n@media (prefers-color-scheme: dark) { ");
        for (int i = 0; i <= Steps; i++) css.Append(CultureInfo.InvariantCulture, $".h{i} {{ {property}: {At(Dark, i)}; }} ");
        return css.Append('}').ToString();
    }

    /// <summary>Lightness of a step in OKLab, from 0 to 1.</summary>
    internal static double Lightness(int step, bool dark) => Mixed(dark ? Dark : Light, step)[0];

    private static string At(int[] anchors, int step)
    {
        double[] lab = Mixed(anchors, step);
        double l = Cube(lab[0] + (0.3963377774 * lab[1]) + (0.2158037573 * lab[2]));
        double m = Cube(lab[0] - (0.1055613458 * lab[1]) - (0.0638541728 * lab[2]));
        double s = Cube(lab[0] - (0.0894841775 * lab[1]) - (1.2914855480 * lab[2]));
        int red = Byte((4.0767416621 * l) - (3.3077115913 * m) + (0.2309699292 * s));
        int green = Byte((-1.2684380046 * l) + (2.6097574011 * m) - (0.3413193965 * s));
        int blue = Byte((-0.0041960863 * l) - (0.7034186147 * m) + (1.7076147010 * s));
        return string.Create(CultureInfo.InvariantCulture, $"#{red:x2}{green:x2}{blue:x2}");

        static double Cube(double value) => value * value * value;

        static int Byte(double linear) =>
            (int)Math.Round(255 * Math.Clamp(linear <= 0.0031308 ? 12.92 * linear : (1.055 * Math.Pow(linear, 1 / 2.4)) - 0.055, 0, 1));
    }

    private static double[] Mixed(int[] anchors, int step)
    {
        double place = (double)step / Steps * (anchors.Length - 1);
        int from = Math.Min((int)place, anchors.Length - 2);
        double[] a = OkLab(anchors[from]), b = OkLab(anchors[from + 1]);
        return [.. a.Zip(b, (x, y) => x + ((y - x) * (place - from)))];
    }

    private static double[] OkLab(int rgb)
    {
        double red = Linear(rgb >> 16), green = Linear((rgb >> 8) & 255), blue = Linear(rgb & 255);
        double l = Math.Cbrt((0.4122214708 * red) + (0.5363325363 * green) + (0.0514459929 * blue));
        double m = Math.Cbrt((0.2119034982 * red) + (0.6806995451 * green) + (0.1073969566 * blue));
        double s = Math.Cbrt((0.0883024619 * red) + (0.2817188376 * green) + (0.6299787005 * blue));
        return
        [
            (0.2104542553 * l) + (0.7936177850 * m) - (0.0040720468 * s),
            (1.9779984951 * l) - (2.4285922050 * m) + (0.4505937099 * s),
            (0.0259040371 * l) + (0.7827717662 * m) - (0.8086757660 * s),
        ];

        static double Linear(int part)
        {
            double value = part / 255.0;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }
    }
}
