namespace ColbertOnnx.Pipeline;

/// <summary>
/// One batch: <paramref name="Count"/> sequences of the plan's order from <paramref name="Start"/> on, padded to <paramref name="Length"/>.
/// </summary>
internal readonly record struct PlannedBatch(int Start, int Count, int Length);
