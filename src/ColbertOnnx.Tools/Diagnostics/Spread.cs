using System.Globalization;

namespace ColbertOnnx.Diagnostics;

/// <summary>Smallest, middle and largest value of a measurement that was repeated.</summary>
public readonly record struct Spread(double Minimum, double Median, double Maximum) : IComparable<Spread>, IComparable
{
    /// <summary>Of an even number of values the median is the mean of the two in the middle.</summary>
    internal static Spread Of(IReadOnlyCollection<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new(sorted[0], Statistics.Percentile(sorted, 50), sorted[^1]);
    }

    /// <summary>By the median, so that Sort-Object puts results in order.</summary>
    public int CompareTo(Spread other) => Median.CompareTo(other.Median);

    int IComparable.CompareTo(object? obj) => obj is Spread other ? CompareTo(other) : 1;

    /// <summary>By <see cref="CompareTo"/>.</summary>
    public static bool operator <(Spread left, Spread right) => left.CompareTo(right) < 0;

    /// <summary>By <see cref="CompareTo"/>.</summary>
    public static bool operator <=(Spread left, Spread right) => left.CompareTo(right) <= 0;

    /// <summary>By <see cref="CompareTo"/>.</summary>
    public static bool operator >(Spread left, Spread right) => left.CompareTo(right) > 0;

    /// <summary>By <see cref="CompareTo"/>.</summary>
    public static bool operator >=(Spread left, Spread right) => left.CompareTo(right) >= 0;

    /// <summary>One line for people.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Median:0.###} ({Minimum:0.###} to {Maximum:0.###})");
}
