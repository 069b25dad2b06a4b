namespace ColbertOnnx.Diagnostics;

/// <summary>Measures how fast a model encodes, beside what ONNX Runtime alone could do in the same minute on the same machine.</summary>
public static class ColbertBenchmark
{
    /// <summary>
    /// Measures every configuration of <paramref name="options"/> in turns, round by round. Each round opens the model, so that one is in
    /// memory at a time; the first round of each checks its output before anything is timed. Runs on the caller's thread, which also
    /// reports.
    /// </summary>
    /// <param name="model">A model folder; null: the embedded model.</param>
    /// <param name="texts">What is encoded; null: generated texts.</param>
    /// <param name="progress">Receives what is being done, often.</param>
    /// <returns>A result for each configuration, in the order of their combination.</returns>
    /// <exception cref="ColbertException">
    /// What <see cref="ColbertModel.Load"/> throws; <see cref="ColbertErrorId.InputInvalid"/>: no texts, or texts that cannot be generated;
    /// <see cref="ColbertErrorId.InferenceFailed"/>: the output is not right.
    /// </exception>
    public static IReadOnlyList<ColbertThroughput> Measure(
        string? model = null, IReadOnlyList<string>? texts = null, ColbertBenchmarkOptions? options = null,
        IProgress<ColbertProgress>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new ColbertBenchmarkOptions();
        options.CheckProviders();
        return Measure(
            [.. options.Configurations().Select(c => (Func<BenchmarkSubject>)(() => BenchmarkSubject.Open(model, c, options.Kind)))], texts,
            options, progress, cancellation);
    }

    internal static IReadOnlyList<ColbertThroughput> Measure(
        IReadOnlyList<Func<BenchmarkSubject>> subjects, IReadOnlyList<string>? texts, ColbertBenchmarkOptions options,
        IProgress<ColbertProgress>? progress, CancellationToken cancellation)
    {
        options.Check();
        if (texts is { Count: 0 })
            throw new ColbertException(
                ColbertErrorId.InputInvalid, "There are no texts to measure with.", options.Source,
                "Give at least one text, or none at all for generated ones.");
        ThroughputRun[] runs =
        [
            .. subjects.Select(open => new ThroughputRun(
                open, texts, options, status => progress?.Report(new ColbertProgress(status)), cancellation)),
        ];
        for (int round = 0; round < options.Repeat; round++)
        {
            foreach (ThroughputRun run in runs) run.Round(round);
        }

        return [.. runs.Select(run => run.Result())];
    }
}
