namespace ColbertOnnx.Inputs;

/// <summary>The bytes of a file whose texts a shard reads: those of the records that begin in them.</summary>
/// <param name="Path">The file.</param>
/// <param name="Begin">Offset of the first byte.</param>
/// <param name="End">Offset behind the last one.</param>
/// <param name="Length">Bytes of the whole file.</param>
public readonly record struct InputPart(string Path, long Begin, long End, long Length)
{
    /// <summary>Whether a text that is the whole file belongs to this part.</summary>
    public bool IsBeginning => Begin == 0;

    /// <summary>Its file and its bytes.</summary>
    public override string ToString() => FormattableString.Invariant($"{Path}, bytes {Begin} to {End} of {Length}");

    internal ByteRange Range => new(Begin, End);
}
