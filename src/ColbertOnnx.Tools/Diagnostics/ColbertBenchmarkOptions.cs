using ColbertOnnx.Runtime;
using ColbertOnnx.Runtime.Providers;

namespace ColbertOnnx.Diagnostics;

/// <summary>What is measured, and how often. Lists with more than one value are a sweep: every combination is measured, in turns.</summary>
public sealed record ColbertBenchmarkOptions
{
    /// <summary>How the model is opened; the lists below replace what it says about the same thing.</summary>
    public ColbertModelOptions Model { get; init; } = new();

    /// <summary>Numbers of lanes; empty: what <see cref="Model"/> says.</summary>
    public IReadOnlyList<int> Sessions { get; init; } = [];

    /// <summary>Batch sizes; empty: what <see cref="Model"/> says.</summary>
    public IReadOnlyList<int> BatchSizes { get; init; } = [];

    /// <summary>Threads inside one operator; empty: what <see cref="Model"/> says.</summary>
    public IReadOnlyList<int> ThreadsPerSession { get; init; } = [];

    /// <summary>INT8 or not; empty: what <see cref="Model"/> says.</summary>
    public IReadOnlyList<bool> Quantized { get; init; } = [];

    /// <summary>
    /// Execution providers, one at a time; empty: what <see cref="Model"/> says. Options of providers go to those that know them.
    /// </summary>
    public IReadOnlyList<string> ExecutionProviders { get; init; } = [];

    /// <summary>What the texts are. Default: documents.</summary>
    public TextKind Kind { get; init; } = TextKind.Document;

    /// <summary>Rounds of each configuration. Default: 5.</summary>
    public int Repeat { get; init; } = 5;

    /// <summary>Name of the given texts' source, for the result.</summary>
    public string Source { get; init; } = "texts";

    /// <summary>
    /// Tokens of a generated text's sequence, prefix and special tokens included; null: 180, or the most that the model takes when that is
    /// less.
    /// </summary>
    public int? TokenCount { get; init; }

    /// <summary>Generated texts. Default: 200.</summary>
    public int Count { get; init; } = 200;

    /// <summary>Seed of generated texts. Default: 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Texts that are encoded one at a time in each round, for the latency; fewer when there are fewer. Default: 50.</summary>
    public int LatencyTexts { get; init; } = 50;

    /// <summary>
    /// A round encodes all texts again until it has taken this long: shorter ones would measure the machine's hiccups. Default: half a
    /// second.
    /// </summary>
    public TimeSpan LeastRound { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>The combinations of the lists, the last list turning fastest.</summary>
    internal IReadOnlyList<ColbertModelOptions> Configurations() =>
    [
        .. from quantized in Values(Quantized, Model.Quantized)
           from sessions in Values(Sessions, Model.Sessions)
           from threads in Values(ThreadsPerSession, Model.ThreadsPerSession)
           from batch in Values(BatchSizes, Model.BatchSize)
           from provider in ExecutionProviders.Count == 0
               ? [Model]
               : ExecutionProviders.Distinct(StringComparer.OrdinalIgnoreCase).Select(On)
           select provider with { Quantized = quantized, Sessions = sessions, ThreadsPerSession = threads, BatchSize = batch },
    ];

    private ColbertModelOptions On(string name)
    {
        ProviderRules? rules = ProviderTable.Find(name);
        return Model with
        {
            ExecutionProviders = [name],
            ProviderLibrary = rules?.Route == ProviderRoute.Cpu ? null : Model.ProviderLibrary,
            ProviderOptions = Model.ProviderOptions?.Where(option => rules?.Takes(option.Key) != false).ToDictionary(),
        };
    }

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>.</exception>
    internal void Check()
    {
        foreach (int threads in ThreadsPerSession) SessionThreads.Check(threads);
        GivenNumber.Check(1, Repeat, nameof(Repeat));
        GivenNumber.Check(1, Count, nameof(Count));
        GivenNumber.Check(1, TokenCount, nameof(TokenCount));
        GivenNumber.Check(1, LatencyTexts, nameof(LatencyTexts));
    }

    // Of a sweep's providers each gets the options that it knows; one that none of them knows is a mistake.
    internal void CheckProviders()
    {
        if (ExecutionProviders.Count == 0) return;
        ProviderRequest.Of(
            Model with { ExecutionProviders = [.. ExecutionProviders.Where(name => ProviderTable.Find(name)?.Route != ProviderRoute.Cpu)] },
            OrtProviderHost.Instance);
    }

    private static IEnumerable<T?> Values<T>(IReadOnlyList<T> list, T? otherwise)
        where T : struct => list.Count == 0 ? [otherwise] : list.Distinct().Select(value => (T?)value);
}
