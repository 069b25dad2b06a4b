namespace ColbertOnnx;

/// <summary>
/// How far long work is: a download, an export, a comparison, a measurement. Downloads report at most five times a second, and once at
/// their end; not at all when nothing is fetched.
/// </summary>
/// <param name="Activity">What is being done, in a word or two; of a download the file that moved last, as the repository names it.</param>
/// <param name="Done">Bytes of all files of a download so far, with those of an earlier try; otherwise texts. 0: not counted.</param>
/// <param name="Total">Bytes of all files of a download; it grows once, when the lists of weights and modules are read. Otherwise 0: not
/// known.</param>
/// <param name="Notice">A sentence that the user must see: a repetition, a wait, or that the cache stands in for a hub out of reach;
/// otherwise null.</param>
public readonly record struct ColbertProgress(string Activity, long Done = 0, long Total = 0, string? Notice = null)
{
    /// <summary>One line for people.</summary>
    public override string ToString() => Notice ?? (Total == 0
        ? Done == 0 ? Activity : FormattableString.Invariant($"{Activity}: {Done:N0}")
        : FormattableString.Invariant($"{Activity}: {Done / 1e6:f0} of {Total / 1e6:f0} MB"));
}
