namespace ColbertOnnx.Diagnostics;

internal static class Statistics
{
    /// <summary>
    /// The value below which this many of a hundred lie, on the line between its two neighbours (as NumPy's default does it).
    /// </summary>
    /// <param name="sorted">Ascending, at least one.</param>
    public static double Percentile(ReadOnlySpan<double> sorted, double percent)
    {
        double place = (sorted.Length - 1) * percent / 100;
        int below = (int)place;
        return below + 1 == sorted.Length ? sorted[below] : sorted[below] + ((place - below) * (sorted[below + 1] - sorted[below]));
    }
}
