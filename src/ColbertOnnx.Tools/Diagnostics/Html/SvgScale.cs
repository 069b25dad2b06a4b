using System.Globalization;

namespace ColbertOnnx.Diagnostics.Html;

/// <summary>Numbers from 0 to a round one, and where they lie in a drawing.</summary>
internal readonly record struct SvgScale(double Most, double Step, double From, double To)
{
    /// <summary>About five steps of 1, 2 or 5 times a power of ten.</summary>
    public static SvgScale For(double largest, double from, double to)
    {
        double rough = Math.Max(largest, 1e-9) / 5, power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = power * ((rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
        return new(Math.Ceiling(Math.Max(largest, 1e-9) / step) * step, step, from, to);
    }

    public IEnumerable<double> Ticks
    {
        get
        {
            double step = Step;
            return Enumerable.Range(0, (int)Math.Round(Most / Step) + 1).Select(i => i * step);
        }
    }

    public double At(double value) => From + (value / Most * (To - From));

    public static string Label(double value) => value.ToString(value >= 1000 ? "#,0" : "0.####", CultureInfo.InvariantCulture);
}
