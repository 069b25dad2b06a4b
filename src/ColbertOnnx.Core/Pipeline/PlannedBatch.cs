namespace ColbertOnnx.Pipeline;

/// <summary>
/// One call: <paramref name="Count"/> rows of the plan's order from <paramref name="Start"/> on, padded to <paramref name="Length"/>.
/// </summary>
internal readonly record struct PlannedBatch(int Start, int Count, int Length);
