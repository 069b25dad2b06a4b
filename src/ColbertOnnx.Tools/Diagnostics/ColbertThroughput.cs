using System.Globalization;

namespace ColbertOnnx.Diagnostics;

/// <summary>What was measured of one configuration. Each spread is over the rounds.</summary>
public sealed record ColbertThroughput
{
    /// <summary>How the model was opened.</summary>
    public required ThroughputConfiguration Configuration { get; init; }

    /// <summary>What was encoded.</summary>
    public required ThroughputTexts Texts { get; init; }

    /// <summary>The machine that it was measured on.</summary>
    public required ThroughputEnvironment Environment { get; init; }

    /// <summary>Rounds.</summary>
    public required int Repeat { get; init; }

    /// <summary>Texts a second, from strings to embeddings in order.</summary>
    public required Spread DocumentsPerSecond { get; init; }

    /// <summary>Tokens a second of the same rounds, as <see cref="ThroughputTexts.Tokens"/> counts them.</summary>
    public required Spread TokensPerSecond { get; init; }

    /// <summary>
    /// Texts a second of the raw session loop: the same batches, already tokenized, over the same session, in turns with the encoder.
    /// </summary>
    public required Spread RawLoopDocumentsPerSecond { get; init; }

    /// <summary>The encoder's speed in relation to the raw session loop's beside it, round by round; 1: nothing is lost.</summary>
    public required Spread ShareOfRawLoop { get; init; }

    /// <summary>
    /// The same relation by CPU time: what other programs take does not count at all, and neither does a lane that waits.
    /// </summary>
    public required Spread ShareByCpuTime { get; init; }

    /// <summary>What the CPU could do at most, and the share of it that was reached; null where another provider runs the graph.</summary>
    public ThroughputLimit? Limit { get; init; }

    /// <summary>Milliseconds for a single text.</summary>
    public required ThroughputLatency Latency { get; init; }

    /// <summary>
    /// Seconds to open the model: tokenizer, settings and graph. The first round's holds the start of the library as well.
    /// </summary>
    public required Spread LoadSeconds { get; init; }

    /// <summary>Most resident memory of the whole process while all texts were encoded.</summary>
    public required Spread PeakMemoryBytes { get; init; }

    /// <summary>What a user should know about the model's settings, a sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The assigned execution providers, as the session reports them; the one with most of the work first.</summary>
    public IReadOnlyList<ColbertProviderShare> Providers { get; init; } = [];

    /// <summary>When it was done, in universal time.</summary>
    public required DateTime Measured { get; init; }

    /// <summary>One line of JSON; docs/throughput.schema.json describes it.</summary>
    public string ToJson() => ThroughputJson.Write(this);

    /// <summary>One line for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Configuration}: {DocumentsPerSecond.Median:0.#} documents/s, {ShareOfRawLoop.Median:P0} of the raw session loop");
}
