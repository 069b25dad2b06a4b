namespace ColbertOnnx.Diagnostics.Limit;

/// <summary>The limit of the texts of a measurement, round by round: a machine is not equally fast all the time.</summary>
internal sealed class LimitMeter
{
    private readonly MultiplyAdds work;
    private readonly int texts, threads;
    private readonly List<double> shares = [], cpuShares = [], limits = [], int8 = [], floats = [];

    public LimitMeter(GraphWork graph, IReadOnlyList<int> lengths, int threads)
    {
        work = lengths.Aggregate(default(MultiplyAdds), (sum, length) => sum + graph.Of(length));
        texts = lengths.Count;
        this.threads = threads;
    }

    /// <summary>Measures the peaks beside a round.</summary>
    /// <param name="documentsPerSecond">Texts a second of the round.</param>
    /// <param name="documentsPerCpuSecond">Texts that the round encoded in a second of CPU time.</param>
    public void Round(double documentsPerSecond, double documentsPerCpuSecond, CancellationToken cancellation)
    {
        if (work == default) return;
        CpuPeak peak = CpuPeak.Measure(threads, work, cancellation);
        double limit = texts / work.SecondsAt(peak);
        limits.Add(limit);
        shares.Add(documentsPerSecond / limit);
        cpuShares.Add(documentsPerCpuSecond * threads / limit);
        int8.Add(peak.Int8);
        floats.Add(peak.Float);
    }

    /// <summary>Null where the graph has nothing to count.</summary>
    public ThroughputLimit? Result() => limits.Count == 0 ? null : new()
    {
        Share = Spread.Of(shares),
        ShareByCpuTime = Spread.Of(cpuShares),
        DocumentsPerSecond = Spread.Of(limits),
        Int8PerSecond = work.Int8 > 0 ? Spread.Of(int8) : null,
        FloatPerSecond = work.Float > 0 ? Spread.Of(floats) : null,
        Int8PerText = work.Int8 / texts,
        FloatPerText = work.Float / texts,
    };
}
