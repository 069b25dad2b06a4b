using System.Diagnostics;
using System.Globalization;
using ColbertOnnx.Diagnostics.Limit;
using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Diagnostics;

/// <summary>The rounds of one configuration, and what they gave.</summary>
internal sealed class ThroughputRun(
    Func<BenchmarkSubject> open, IReadOnlyList<string>? given, ColbertBenchmarkOptions options, Action<string> progress,
    CancellationToken cancellation)
{
    private const int DefaultTokens = 180;
    private const int WarmUpTexts = 32;

    private readonly List<double> loads = [], documents = [], rawDocuments = [], shares = [], cpuShares = [], memory = [];
    private readonly List<double[]> latencies = [];
    private IReadOnlyList<string> texts = [];
    private PreparedTexts? prepared;
    private ThroughputConfiguration? configuration;
    private IReadOnlyList<string> warnings = [];
    private IReadOnlyList<ColbertProviderShare> providers = [];
    private LimitMeter? limit;

    // CPU time of the round.
    private TimeSpan encoderWork, rawWork;

    public void Round(int number)
    {
        progress("Opening the model");
        cancellation.ThrowIfCancellationRequested();
        long began = Stopwatch.GetTimestamp();
        using BenchmarkSubject subject = open();
        loads.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
        string name = string.Create(CultureInfo.InvariantCulture, $"Round {number + 1} of {options.Repeat}: {subject.Configuration}");
        progress(name);
        WarmUp(subject);

        using var peak = PeakMemory.Begin();
        TimeSpan encoded = default, raw = default;
        encoderWork = rawWork = default;
        List<double> ratios = [];
        int passes = 0;
        do
        {
            foreach (PreparedSlice slice in prepared!.Slices)
            {
                // The order changes: the second finds the caches and the clock as the first left them.
                bool isEncoderFirst = (ratios.Count & 1) == (number & 1);
                TimeSpan of = isEncoderFirst ? Encode(subject, slice, name) : default, beside = Loop(subject, slice);
                if (!isEncoderFirst) of = Encode(subject, slice, name);
                encoded += of;
                raw += beside;
                ratios.Add(beside / of);
            }

            passes++;
        }
        while (encoded < options.LeastRound);

        memory.Add(peak.Bytes);
        documents.Add(passes * texts.Count / encoded.TotalSeconds);
        rawDocuments.Add(passes * texts.Count / raw.TotalSeconds);
        shares.Add(Spread.Of(ratios).Median);
        cpuShares.Add(encoderWork > TimeSpan.Zero ? rawWork / encoderWork : 1);
        limit?.Round(documents[^1], passes * texts.Count / encoderWork.TotalSeconds, cancellation);
        latencies.Add(Latencies(subject));
    }

    public ColbertThroughput Result()
    {
        long tokens = prepared!.Lengths.Sum(length => (long)length);
        return new ColbertThroughput
        {
            Configuration = configuration!,
            Texts = new ThroughputTexts
            {
                Source = given is null ? "generated" : options.Source,
                Seed = given is null ? options.Seed : null,
                Count = texts.Count,
                Tokens = tokens,
                TokensPerText = Spread.Of([.. prepared.Lengths.Select(length => (double)length)]),
                Truncated = prepared.Truncated,
            },
            Environment = ThroughputEnvironment.Current(providers.Count > 0 ? providers[0].OnnxRuntimeName : "unknown"),
            Repeat = options.Repeat,
            DocumentsPerSecond = Spread.Of(documents),
            TokensPerSecond = Spread.Of([.. documents.Select(rate => rate * tokens / texts.Count)]),
            RawLoopDocumentsPerSecond = Spread.Of(rawDocuments),
            ShareOfRawLoop = Spread.Of(shares),
            ShareByCpuTime = Spread.Of(cpuShares),
            Limit = limit?.Result(),
            Latency = ThroughputLatency.Of(latencies),
            LoadSeconds = Spread.Of(loads),
            PeakMemoryBytes = Spread.Of(memory),
            Warnings = warnings,
            Providers = providers,
            Measured = DateTime.UtcNow,
        };
    }

    /// <summary>The first time, the check of the output is most of it.</summary>
    private void WarmUp(BenchmarkSubject subject)
    {
        if (prepared is null)
        {
            (configuration, warnings, providers) = (subject.Configuration, subject.Warnings, subject.Providers);
            texts = given ?? Generate(subject);
            prepared = PreparedTexts.Of(texts, options.Kind, subject.CreateInputs(), subject.Pool.Settings, cancellation);
            progress("Checking the output");
            OutputCheck.Run(subject, texts, prepared, cancellation);
            if (subject.CountedGraph is { } graph) limit = CountLimit(graph, subject.Pool.Settings.Lanes, prepared.Lengths);
        }

        EncoderPass.Run(subject.Pool, texts.Take(WarmUpTexts), subject.Options, _ => { }, cancellation);
        RawSessionLoop.Run(subject.Pool.Session, subject.Pool.Settings.Lanes, [.. prepared.Batches.Take(WarmUpTexts)], cancellation);
    }

    // Without it everything else is as right as with it.
    private LimitMeter? CountLimit(string graph, int lanes, IReadOnlyList<int> lengths)
    {
        progress("Counting the graph's multiply-adds");
        try
        {
            int threads = Math.Min(UsableCpus.Count, lanes * configuration!.ThreadsPerSession);
            return new LimitMeter(GraphWork.Count(graph, lengths, cancellation), lengths, threads);
        }
        catch (ColbertException e) when (e.Id is ColbertErrorId.OutputFailed or ColbertErrorId.InsufficientMemory)
        {
            warnings = [.. warnings, $"The share of the limit was not measured. {e.Message}"];
            return null;
        }
    }

    private string[] Generate(BenchmarkSubject subject)
    {
        var resolved = subject.Resolved ?? throw new InvalidOperationException("There is no vocabulary to make texts of.");
        return new TextGenerator(resolved, options.Kind).Generate(
            options.TokenCount ?? Math.Min(DefaultTokens, resolved.LengthOf(options.Kind)), options.Count, options.Seed);
    }

    private TimeSpan Encode(BenchmarkSubject subject, PreparedSlice slice, string name)
    {
        progress(string.Create(CultureInfo.InvariantCulture, $"{name}, text {slice.FirstText} of {texts.Count}"));
        TimeSpan before = Environment.CpuUsage.TotalTime;
        TimeSpan elapsed = EncoderPass.Run(
            subject.Pool, texts.Skip(slice.FirstText).Take(slice.Texts), subject.Options, _ => { }, cancellation);
        encoderWork += Environment.CpuUsage.TotalTime - before;
        return elapsed;
    }

    private TimeSpan Loop(BenchmarkSubject subject, PreparedSlice slice)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        TimeSpan elapsed = RawSessionLoop.Run(
            subject.Pool.Session, subject.Pool.Settings.Lanes,
            [.. prepared!.Batches.Skip(slice.FirstBatch).Take(slice.Batches)], cancellation);
        rawWork += Environment.CpuUsage.TotalTime - before;
        return elapsed;
    }

    private double[] Latencies(BenchmarkSubject subject)
    {
        double[] milliseconds = new double[Math.Min(options.LatencyTexts, texts.Count)];
        for (int i = 0; i < milliseconds.Length; i++)
        {
            long began = Stopwatch.GetTimestamp();
            TextStreams.Encode(subject.Pool, [texts[i]], subject.Options, cancellation);
            milliseconds[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }

        return milliseconds;
    }
}
