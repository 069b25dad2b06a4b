using System.Globalization;

namespace ColbertOnnx.Diagnostics;

/// <summary>How a model ran while it was measured. A stored result is compared with the one of the same configuration.</summary>
public sealed record ThroughputConfiguration
{
    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Whether it is INT8.</summary>
    public required bool IsQuantized { get; init; }

    /// <summary>How texts were encoded.</summary>
    public required TextKind Kind { get; init; }

    /// <summary>Lanes over the one set of weights.</summary>
    public required int Sessions { get; init; }

    /// <summary>True when no number of sessions was given: then it follows from the CPUs, and differs between machines.</summary>
    public bool IsSessionsDefault { get; init; }

    /// <summary>Threads inside one operator.</summary>
    public required int ThreadsPerSession { get; init; }

    /// <summary>Batch size as asked for; null: planned by length.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Execution providers as asked for, in order of preference; empty: the CPU.</summary>
    public IReadOnlyList<string> ExecutionProviders { get; init; } = [];

    /// <summary>
    /// The arguments that decide what is encoded, by name; empty: all is as the model says. Null in a result from before they were noted.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Arguments { get; init; } = EncodingArguments.None;

    /// <summary>True for the same way to run the same model, on whatever machine.</summary>
    public bool IsSameAs(ThroughputConfiguration other) =>
        Model == other.Model && IsQuantized == other.IsQuantized && Kind == other.Kind && ThreadsPerSession == other.ThreadsPerSession
        && BatchSize == other.BatchSize
        && ExecutionProviders.SequenceEqual(other.ExecutionProviders) && EncodingArguments.AreSame(Arguments, other.Arguments)
        && ((IsSessionsDefault && other.IsSessionsDefault) || Sessions == other.Sessions);

    /// <summary>One line for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Model}, {(IsQuantized ? "INT8" : "FP32")}, {ShownText.Count(Sessions, "session")} of "
            + $"{ShownText.Count(ThreadsPerSession, "thread")}, batches "
            + $"{BatchSize?.ToString(CultureInfo.InvariantCulture) ?? "planned by length"}"
            + $"{(ExecutionProviders.Count == 0 ? "" : $", on {string.Join(", ", ExecutionProviders)}")}"
            + $"{EncodingArguments.Describe(Arguments)}");
}
