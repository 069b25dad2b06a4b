namespace ColbertOnnx.Diagnostics.Parity;

/// <summary>Counts of values from 1e-10 to 10 on a logarithmic scale: percentiles to 6 % from fixed memory, whatever comes.</summary>
internal sealed class LogHistogram
{
    public const int FirstDecade = -10, Decades = 11, StepsOfDecade = 40;

    private readonly long[] counts = new long[(Decades * StepsOfDecade) + 1];

    public long Count { get; private set; }

    public double Smallest { get; private set; } = double.PositiveInfinity;

    public double Largest { get; private set; } = double.NegativeInfinity;

    public void Add(double value)
    {
        counts[StepOf(value)]++;
        Count++;
        Smallest = Math.Min(Smallest, value);
        Largest = Math.Max(Largest, value);
    }

    /// <summary>The value below which this many of a hundred lie; 0 without any.</summary>
    public double Percentile(double percent)
    {
        if (Count == 0) return 0;
        double rank = Count * percent / 100;
        double below = 0;
        for (int step = 0; step < counts.Length; step++)
        {
            if (counts[step] == 0 || below + counts[step] < rank)
            {
                below += counts[step];
                continue;
            }

            double inside = step == 0 ? 0 : Math.Pow(10, FirstDecade + ((step - 1 + ((rank - below) / counts[step])) / StepsOfDecade));
            return Math.Clamp(inside, Smallest, Largest);
        }

        return Largest;
    }

    /// <summary>
    /// Counts of steps of the given part of a decade, from the first that holds something to the last; what is below the scale counts with
    /// the first.
    /// </summary>
    public IReadOnlyList<(double From, double To, long Count)> Bars(int stepsOfDecade)
    {
        int width = StepsOfDecade / stepsOfDecade;
        long[] bars = new long[Decades * stepsOfDecade];
        for (int step = 0; step < counts.Length; step++) bars[Math.Max(0, step - 1) / width] += counts[step];
        int first = Array.FindIndex(bars, count => count > 0), last = Array.FindLastIndex(bars, count => count > 0);
        double At(int bar) => Math.Pow(10, FirstDecade + ((double)bar / stepsOfDecade));
        return first < 0 ? [] : [.. Enumerable.Range(first, last - first + 1).Select(bar => (At(bar), At(bar + 1), bars[bar]))];
    }

    // Step 0: less than the scale begins with, 0 and negative values (a cosine that rounds to above 1) as well.
    private static int StepOf(double value)
    {
        if (!(value >= 1e-10)) return 0;
        return Math.Clamp(1 + (int)Math.Floor((Math.Log10(value) - FirstDecade) * StepsOfDecade), 1, Decades * StepsOfDecade);
    }
}
