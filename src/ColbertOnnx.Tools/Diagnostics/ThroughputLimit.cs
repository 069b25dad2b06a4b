namespace ColbertOnnx.Diagnostics;

/// <summary>
/// What the CPU could do at most: the multiply-adds of a text, counted in the graph, at the speed of ONNX Runtime's matrix products on
/// matrices that lie in the cache. Each spread is over the rounds.
/// </summary>
public sealed record ThroughputLimit
{
    /// <summary>The encoder's speed in relation to the limit; 1: nothing is left.</summary>
    public required Spread Share { get; init; }

    /// <summary>The same relation by CPU time: what other programs take does not count, and neither does a lane that waits.</summary>
    public required Spread ShareByCpuTime { get; init; }

    /// <summary>Texts a second at the limit.</summary>
    public required Spread DocumentsPerSecond { get; init; }

    /// <summary>Multiply-adds of bytes a second that the threads do together; null: the graph has none.</summary>
    public Spread? Int8PerSecond { get; init; }

    /// <summary>Multiply-adds of float32 a second that the threads do together; null: the graph has none.</summary>
    public Spread? FloatPerSecond { get; init; }

    /// <summary>Multiply-adds of bytes that a text takes, as the mean of all.</summary>
    public required double Int8PerText { get; init; }

    /// <summary>Multiply-adds of float32 that a text takes, as the mean of all.</summary>
    public required double FloatPerText { get; init; }

    /// <summary>One line for people.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{DocumentsPerSecond.Median:#,0.0} documents a second, {Share.Median:0.000} of them reached");
}
