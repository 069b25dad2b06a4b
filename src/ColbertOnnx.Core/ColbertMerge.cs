using System.Globalization;
using ColbertOnnx.Embeddings;

namespace ColbertOnnx;

/// <summary>
/// Makes one output of those that tasks have written of the shards of one input (<see cref="ColbertShard"/>): the bytes are those of one
/// run over all of it.
/// </summary>
public static class ColbertMerge
{
    /// <summary>Which shards are there and whole: compares their manifests with each other, and each output with its manifest.</summary>
    /// <param name="outputs">Files or folders, in any order. What belongs to one of them, as its manifest, is passed over.</param>
    /// <param name="progress">Receives which output is being read.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: there is no shard among them, so that nothing says how
    /// many there should be.</exception>
    public static ShardReport Check(
        IReadOnlyList<string> outputs, IProgress<ColbertProgress>? progress = null, CancellationToken cancellation = default) =>
        Look(outputs, progress, cancellation).Report;

    /// <summary>Merges shards. Where one is missing, doubled, unfinished, changed or of another run, nothing is written.</summary>
    /// <param name="outputs">As <see cref="Check"/>.</param>
    /// <param name="path">The output, in the format of the shards.</param>
    /// <param name="force">Replace what is there.</param>
    /// <param name="progress">Receives which output is being read, then how many embeddings are written.</param>
    /// <param name="cancellation">Ends the work; nothing is left behind.</param>
    /// <returns>The manifest of the merged output, and what should be known of its shards.</returns>
    /// <exception cref="ColbertException">
    /// <see cref="ColbertErrorId.InputInvalid"/>, naming shards; <see cref="ColbertErrorId.OutputExists"/>;
    /// <see cref="ColbertErrorId.OutputFailed"/>.
    /// </exception>
    public static (RunManifest Manifest, ShardReport Shards) Run(
        IReadOnlyList<string> outputs, string path, bool force = false, IProgress<ColbertProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        OutputTarget.RefuseInputs(path, outputs);
        ShardCheck check = Look(outputs, progress, cancellation);
        if (!check.Report.IsComplete) throw Incomplete(check);
        return (
            ShardMerge.Run(check.Shards, path, force, done => progress?.Report(new ColbertProgress("Merging", done)), cancellation),
            check.Report);
    }

    private static ShardCheck Look(IReadOnlyList<string> outputs, IProgress<ColbertProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        return new ShardCheck(outputs, path => progress?.Report(new ColbertProgress($"Checking {Path.GetFileName(path)}")), cancellation);
    }

    private static ColbertException Incomplete(ShardCheck check)
    {
        ShardReport report = check.Report;
        string runs = check.Runs is { } said ? $"{said} " : "";
        string faults = string.Join(' ', report.Faults.Take(3)),
            more = report.Faults.Count > 3 ? FormattableString.Invariant($" And {report.Faults.Count - 3} more.") : "";
        string missing = report.Missing.Count > 0
            ? string.Create(
                CultureInfo.InvariantCulture,
                $" {(report.Missing.Count == 1 ? "Shard" : "Shards")} {report.Array} of {report.Count} "
                    + $"{(report.Missing.Count == 1 ? "is" : "are")} to be encoded.")
            : "";
        return new(
            ColbertErrorId.InputInvalid, $"Nothing is merged. {runs}{faults}{more}{missing}".Replace(".  ", ". ", StringComparison.Ordinal),
            report.Faults.FirstOrDefault()?.Output,
            "Encode what is missing, leave out what does not belong; a check (colbert merge --check, Merge-ColbertEmbedding -Check) "
                + "names all.");
    }
}
