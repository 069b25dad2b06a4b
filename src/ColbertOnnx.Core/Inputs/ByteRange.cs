namespace ColbertOnnx.Inputs;

/// <summary>Offsets in a stream: records that begin at them are read, others are not.</summary>
/// <param name="Begin">The first one.</param>
/// <param name="End">Behind the last one.</param>
internal readonly record struct ByteRange(long Begin, long End)
{
    public static readonly ByteRange Whole = new(0, long.MaxValue);

    public bool Contains(long offset) => offset >= Begin && offset < End;
}
