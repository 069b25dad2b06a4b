using System.Globalization;

namespace ColbertOnnx;

/// <summary>
/// One of several parts of an input, each the work of a task of its own: contiguous, and all of them in their order are the input.
/// </summary>
public sealed record ColbertShard
{
    /// <summary>A part of an input.</summary>
    /// <param name="index">Which one, from 1 to <paramref name="count"/>.</param>
    /// <param name="count">How many there are.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: there is no such part.</exception>
    public ColbertShard(int index, int count)
    {
        if (count < 1 || index < 1 || index > count)
            throw Wrong(FormattableString.Invariant($"{index}/{count}"), "there is no such shard.");
        if (count > Limits.MostShards)
            throw Wrong(
                FormattableString.Invariant($"{index}/{count}"),
                FormattableString.Invariant($"there are at most {Limits.MostShards} (the limit MostShards)."));
        Index = index;
        Count = count;
    }

    /// <summary>Which one, from 1.</summary>
    public int Index { get; }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>Reads what people and schedulers write.</summary>
    /// <param name="said">
    /// <c>3/16</c>; <c>auto</c>: as the task of a Slurm array that this process is, whose tasks are all there and count from 0 or 1;
    /// <c>auto/16</c>: the task of a Slurm array (its number, from 1) or of a Kubernetes Indexed Job (its index, from 0), with the number
    /// of parts.
    /// </param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: it is none of these, or the environment does not say
    /// which task this is.</exception>
    public static ColbertShard Parse(string said) => Parse(said, Environment.GetEnvironmentVariable);

    /// <summary>The same with another environment.</summary>
    internal static ColbertShard Parse(string said, Func<string, string?> environment)
    {
        string[] parts = said.Split('/');
        if (parts[0].Equals("auto", StringComparison.OrdinalIgnoreCase) && parts.Length <= 2)
            return ArrayTask.Shard(
                environment,
                parts.Length == 1
                    ? null
                    : TryNumber(parts[1], out int of) && of > 0 ? of
                    : throw Wrong(said, "the count is not a number from 1."));
        return parts.Length == 2 && TryNumber(parts[0], out int index) && TryNumber(parts[1], out int count)
            ? new ColbertShard(index, count)
            : throw Wrong(said, "this is not a shard.");
    }

    /// <summary>"3/16".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");

    internal static bool TryNumber(string? said, out int number) =>
        int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>This part's range of a file of this size: from the first byte, up to the second.</summary>
    internal (long Begin, long End) Of(long total) => (At(total, Index - 1), At(total, Index));

    private long At(long total, int number) => (long)((Int128)total * number / Count);

    private static ColbertException Wrong(string said, string what) => new(
        ColbertErrorId.InputInvalid, $"Shard '{said}': {what}", said,
        "Give the number of the shard, from 1, and how many there are: 3/16; or auto, or auto/16.");
}
