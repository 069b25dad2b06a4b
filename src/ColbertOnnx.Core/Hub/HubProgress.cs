namespace ColbertOnnx.Hub;

/// <summary>How far a download is. Reported at most five times a second, and once at its end; not at all when nothing is fetched.</summary>
/// <param name="File">The file that moved last, as the repository names it.</param>
/// <param name="BytesDone">Bytes of all files so far, with those of an earlier try.</param>
/// <param name="BytesTotal">Bytes of all files that are fetched; it grows once, when the lists of weights and modules are read.</param>
/// <param name="Notice">A sentence that the user must see: a repetition, a wait, or that the cache stands in for a hub out of reach; otherwise null.</param>
public readonly record struct HubProgress(string File, long BytesDone, long BytesTotal, string? Notice = null)
{
    public override string ToString() => Notice ?? (BytesTotal == 0 ? File : FormattableString.Invariant($"{File}: {BytesDone / 1e6:f0} of {BytesTotal / 1e6:f0} MB"));
}
