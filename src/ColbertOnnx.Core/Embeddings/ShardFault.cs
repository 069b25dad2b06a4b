namespace ColbertOnnx.Embeddings;

/// <summary>An output that cannot be merged.</summary>
/// <param name="Output">As it was named.</param>
/// <param name="Index">Which shard it is; null: it does not say it.</param>
/// <param name="What">Why, as the end of a sentence without a point.</param>
public sealed record ShardFault(string Output, int? Index, string What)
{
    /// <summary>The sentence.</summary>
    public override string ToString() => $"'{Output}' {What}.";
}
