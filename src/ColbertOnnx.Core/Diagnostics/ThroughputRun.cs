using System.Diagnostics;
using System.Globalization;
using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Diagnostics;

/// <summary>The rounds of one configuration, and what they gave.</summary>
internal sealed class ThroughputRun(
    Func<BenchmarkSubject> open, IReadOnlyList<string>? given, ColbertBenchmarkOptions options, Action<string> progress, CancellationToken cancellation)
{
    private const int DefaultTokens = 180;
    private const int WarmUpTexts = 32;

    private readonly List<double> loads = [], documents = [], engine = [], shares = [], memory = [];
    private readonly List<double[]> latencies = [];
    private IReadOnlyList<string> texts = [];
    private PreparedTexts? prepared;
    private ThroughputConfiguration? configuration;

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
        TimeSpan encoded = default, bare = default;
        int passes = 0;
        do
        {
            // Who goes first changes: the second finds the caches and the clock as the first left them.
            if (((number + passes) & 1) == 0) encoded += Encode(subject, name);
            bare += BareEngine.Run(subject.Pool.Engine, subject.Pool.Settings.Lanes, prepared!.Batches, cancellation);
            if (((number + passes) & 1) == 1) encoded += Encode(subject, name);
            passes++;
        }
        while (encoded < options.LeastRound);

        memory.Add(peak.Bytes);
        documents.Add(passes * texts.Count / encoded.TotalSeconds);
        engine.Add(passes * texts.Count / bare.TotalSeconds);
        shares.Add(bare / encoded);
        latencies.Add(Latencies(subject));
    }

    public ColbertThroughput Result(ThroughputEnvironment environment)
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
            Environment = environment,
            Repeat = options.Repeat,
            DocumentsPerSecond = Spread.Of(documents),
            TokensPerSecond = Spread.Of([.. documents.Select(rate => rate * tokens / texts.Count)]),
            EngineDocumentsPerSecond = Spread.Of(engine),
            ShareOfEngine = Spread.Of(shares),
            Latency = ThroughputLatency.Of(latencies),
            LoadSeconds = Spread.Of(loads),
            PeakMemoryBytes = Spread.Of(memory),
            Measured = DateTime.UtcNow,
        };
    }

    /// <summary>The first time, the check of the output is most of it.</summary>
    private void WarmUp(BenchmarkSubject subject)
    {
        if (prepared is null)
        {
            configuration = subject.Configuration;
            texts = given ?? Generate(subject);
            prepared = PreparedTexts.Of(texts, options.Kind, subject.Rows(), subject.Pool.Settings, cancellation);
            progress("Checking the output");
            OutputCheck.Run(subject, texts, options.Kind, prepared, cancellation);
        }

        EncoderPass.Run(subject.Pool, texts.Take(WarmUpTexts), options.Kind, _ => { }, cancellation);
        BareEngine.Run(subject.Pool.Engine, subject.Pool.Settings.Lanes, [.. prepared.Batches.Take(WarmUpTexts)], cancellation);
    }

    private string[] Generate(BenchmarkSubject subject)
    {
        var profile = subject.Profile ?? throw new InvalidOperationException("There is no vocabulary to make texts of.");
        return new TextGenerator(profile, options.Kind).Generate(options.TokenCount ?? Math.Min(DefaultTokens, profile.LengthOf(options.Kind)), options.Count, options.Seed);
    }

    private TimeSpan Encode(BenchmarkSubject subject, string name)
    {
        int done = 0;
        return EncoderPass.Run(subject.Pool, texts, options.Kind, _ =>
        {
            if (++done % 64 == 0) progress(string.Create(CultureInfo.InvariantCulture, $"{name}, text {done} of {texts.Count}"));
        }, cancellation);
    }

    private double[] Latencies(BenchmarkSubject subject)
    {
        double[] milliseconds = new double[Math.Min(options.LatencyTexts, texts.Count)];
        for (int i = 0; i < milliseconds.Length; i++)
        {
            long began = Stopwatch.GetTimestamp();
            TextStreams.Encode(subject.Pool, [texts[i]], options.Kind, cancellation);
            milliseconds[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }

        return milliseconds;
    }
}
