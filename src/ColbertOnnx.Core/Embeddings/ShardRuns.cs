using System.Globalization;
using ColbertOnnx.IO;

namespace ColbertOnnx.Embeddings;

/// <summary>What is said of shards that may not be of one run, or of one state of its input.</summary>
internal static class ShardRuns
{
    private const int Named = 4;

    /// <summary>Which shards are of which run; null: there is one.</summary>
    /// <param name="runs">The one that is taken first.</param>
    public static string? Said(IReadOnlyList<IGrouping<string, Shard>> runs)
    {
        if (runs.Count < 2) return null;
        Shard model = runs[0].First();
        string others = string.Join(
            "; ", runs.Skip(1).Take(Named).Select(run => $"{Said(run)}: '{run.First().Path}' {run.First().DifferenceFrom(model)}"));
        string more = runs.Count > Named + 1 ? FormattableString.Invariant($"; and {runs.Count - Named - 1} more") : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"There are shards of {runs.Count} runs, and which is meant is not known. Taken is the one that most are of, "
                + $"{Said(runs[0])}; the others are {others}{more}. If another one is meant, leave out the shards of the first.");
    }

    /// <summary>Numbers of shards as <c>sbatch --array=</c> takes them.</summary>
    public static string Numbers(IEnumerable<Shard> shards) =>
        ShardReport.Spans([.. shards.Select(shard => shard.Part.Index).Distinct().Order()]);

    /// <summary>Shards of one run whose inputs have different dates; null: they have not.</summary>
    public static string? Dates(IReadOnlyList<Shard> shards)
    {
        if (shards.Count == 0) return null;
        bool isOther = false;
        IReadOnlyList<ManifestInputFile> files = shards[0].Manifest.Input.Files;
        foreach (Shard shard in shards.Skip(1))
        {
            foreach ((ManifestInputFile mine, ManifestInputFile its) in files.Zip(shard.Manifest.Input.Files))
            {
                if (mine.Modified == its.Modified) continue;
                isOther = true;
                // Of larger ones the digest knows a part.
                if (mine.Bytes > FileDigest.WholeUpTo)
                    return string.Create(
                        CultureInfo.InvariantCulture,
                        $"'{mine.Name}' may have changed between the tasks: its last change was {Date(mine.Modified)} for shard "
                            + $"{shards[0].Part.Index} and {Date(its.Modified)} for shard {shard.Part.Index}, and of a file of this "
                            + $"size parts were compared. Where it is not a copy, encode all shards again.");
            }
        }

        return isOther ? "The shards were made of files of the same length and digest and of different dates, as copies are." : null;
    }

    private static string Said(IGrouping<string, Shard> run) =>
        $"{(run.Count() == 1 ? "shard" : "shards")} {Numbers(run)} of {run.First().Part.Count} (input of "
            + $"{Date(run.Max(shard => shard.Manifest.Input.Files.Max(file => file.Modified)))})";

    private static string Date(DateTimeOffset? date) =>
        date?.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "no date";
}
