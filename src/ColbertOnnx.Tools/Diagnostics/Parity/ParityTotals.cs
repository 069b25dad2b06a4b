namespace ColbertOnnx.Diagnostics.Parity;

/// <summary>What all texts together say, in memory that does not grow with them.</summary>
internal sealed class ParityTotals(ColbertParityOptions thresholds)
{
    private readonly Dictionary<ColbertParityCause, long> causes = [];

    // The best of the worst on top.
    private readonly PriorityQueue<ColbertTextParity, (double Badness, long Order)> worst = new();
    private double cosines;

    public LogHistogram CosineCounts { get; } = new();

    public LogHistogram DifferenceCounts { get; } = new();

    public long Texts { get; private set; }

    public long Queries { get; private set; }

    public long Missed { get; private set; }

    public long OtherRows { get; private set; }

    public double MeanCosine => CosineCounts.Count == 0 ? 1 : cosines / CosineCounts.Count;

    public double SmallestCosine { get; private set; } = 1;

    public IReadOnlyList<KeyValuePair<ColbertParityCause, long>> Causes =>
        causes.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).ToArray();

    // Arrays: PowerShell cannot index what a collection expression makes of a read-only list.
    public IReadOnlyList<ColbertTextParity> Worst =>
        worst.UnorderedItems.OrderByDescending(item => item.Priority).Select(item => item.Element).ToArray();

    /// <summary>Distance of a cosine from 1 on a logarithmic scale, counted from the other end.</summary>
    public ColbertParityPercentiles Cosine =>
        new(
            1 - CosineCounts.Percentile(50), 1 - CosineCounts.Percentile(90), 1 - CosineCounts.Percentile(99),
            1 - CosineCounts.Percentile(99.9));

    public ColbertParityPercentiles Difference =>
        new(
            DifferenceCounts.Percentile(50), DifferenceCounts.Percentile(90), DifferenceCounts.Percentile(99),
            DifferenceCounts.Percentile(99.9));

    public void Add(ColbertTextParity text, TextComparison comparison)
    {
        Texts++;
        if (text.Kind == TextKind.Query) Queries++;
        if (!text.Passed) Missed++;
        if (text.TokenCount != text.ReferenceTokenCount) OtherRows++;
        foreach (ColbertParityCause cause in text.Causes) causes[cause] = causes.GetValueOrDefault(cause) + 1;
        foreach (double cosine in comparison.Cosines)
        {
            cosines += cosine;
            CosineCounts.Add(1 - cosine);
        }

        DifferenceCounts.Add(text.LargestDifference);
        SmallestCosine = Math.Min(SmallestCosine, text.SmallestCosine);
        Keep(text);
    }

    /// <summary>A text that this model could not encode.</summary>
    public void AddFailure()
    {
        Texts++;
        Missed++;
    }

    private void Keep(ColbertTextParity text)
    {
        if (thresholds.Worst == 0) return;
        // Other token vectors are worse than other values; of equal ones the earlier text is kept.
        double badness = -text.SmallestCosine + (text.TokenCount == text.ReferenceTokenCount ? 0 : 2) + (text.Passed ? 0 : 4);
        var key = (badness, -text.Number);
        if (worst.Count < thresholds.Worst) worst.Enqueue(text, key);
        else if (worst.TryPeek(out _, out var best) && key.CompareTo(best) > 0) worst.DequeueEnqueue(text, key);
    }
}
