namespace ColbertOnnx.Pipeline;

/// <summary>A piece of work that a lane took from a stream.</summary>
internal readonly record struct LaneJob(EncodeStream Stream, LaneJobKind Kind)
{
    /// <summary>First text and number of texts, for <see cref="LaneJobKind.Tokenize"/> and <see cref="LaneJobKind.Plan"/>.</summary>
    public long First { get; init; }

    public int Count { get; init; }

    public EncodeBatch Batch { get; init; }

    /// <summary>No other text of the model is under way.</summary>
    public bool IsSingleText { get; init; }
}
