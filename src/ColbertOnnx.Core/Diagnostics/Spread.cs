using System.Globalization;

namespace ColbertOnnx.Diagnostics;

/// <summary>Smallest, middle and largest value of a measurement that was repeated.</summary>
public readonly record struct Spread(double Minimum, double Median, double Maximum)
{
    /// <summary>Of an even number of values the median is the mean of the two in the middle.</summary>
    internal static Spread Of(IReadOnlyCollection<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new(sorted[0], Statistics.Percentile(sorted, 50), sorted[^1]);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Median:0.###} ({Minimum:0.###} to {Maximum:0.###})");
}
