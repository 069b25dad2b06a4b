using System.Globalization;

namespace ColbertOnnx.Embeddings;

/// <summary>Which outputs are the shards of one run: manifests first, then the bytes of those that could be merged.</summary>
internal sealed class ShardCheck
{
    private readonly List<ShardFault> faults = [];
    private readonly List<Shard> shards = [];
    private readonly List<string> warnings = [];
    private readonly HashSet<string> places = new(StringComparer.Ordinal);

    public ShardCheck(IReadOnlyList<string> outputs, Action<string> note, CancellationToken cancellation)
    {
        foreach (string output in outputs.Where(output => !outputs.Any(other => IsBeside(output, other)))) Add(output);
        if (shards.Count == 0 && faults.Count == 0) throw Nothing("No output was named or found.");
        if (shards.Count == 0)
            throw faults.Count == 1
                ? Nothing(faults[0].ToString())
                : Nothing($"None of the {faults.Count} outputs is a finished shard; the first: {faults.FirstOrDefault()}");

        // Of the most it is likelier that they are what was meant.
        IGrouping<string, Shard>[] runs =
        [
            .. shards.GroupBy(shard => shard.Run, StringComparer.Ordinal).OrderByDescending(group => group.Count()),
        ];
        Shard model = runs[0].First();
        Runs = ShardRuns.Said(runs);
        if (Runs is not null) warnings.Add(Runs);
        Refuse(shard => shard.Run == model.Run ? null : shard.DifferenceFrom(model));
        long length = model.Manifest.Input.Files.Sum(file => file.Bytes!.Value);
        Refuse(shard => (shard.Part.Start, shard.Part.End) == new ColbertShard(shard.Part.Index, shard.Part.Count).Of(length)
            ? null
            : "says that it read other bytes of the input than its number has");
        Refuse(shard =>
        {
            cancellation.ThrowIfCancellationRequested();
            note(shard.Path);
            return FaultOfFormat(shard) ?? shard.Manifest.FindChange(shard.Path)
                ?? ShardErrors.Fault(shard.Manifest, ShardErrors.PathOf(shard));
        });
        // Of two the one that is whole counts.
        var first = new Dictionary<int, string>();
        Refuse(shard => first.TryAdd(shard.Part.Index, shard.Path)
            ? null
            : FormattableString.Invariant($"is shard {shard.Part.Index}/{shard.Part.Count}, as '{first[shard.Part.Index]}' is"));
        Shards = [.. shards.OrderBy(shard => shard.Part.Index)];
        Warn();
        Report = new ShardReport
        {
            Count = model.Part.Count,
            Missing = [.. Enumerable.Range(1, model.Part.Count).Except(Shards.Select(shard => shard.Part.Index))],
            Faults = faults,
            Warnings = warnings,
        };
    }

    public ShardReport Report { get; }

    /// <summary>Which runs the shards are of; null: of one.</summary>
    public string? Runs { get; }

    /// <summary>Those that can be merged, in their order.</summary>
    public IReadOnlyList<Shard> Shards { get; }

    private void Add(string output)
    {
        try
        {
            // A folder may hold queries alone.
            string place = RunManifest.PathOf(output), queries = RunManifest.PathOf(output, TextKind.Query);
            if (!places.Add(place)) return;
            bool isThere = File.Exists(output) || Directory.Exists(output);
            if (!File.Exists(place) && !File.Exists(queries))
            {
                faults.Add(new(
                    output, null, isThere ? "has no manifest beside it, so that nothing says that it is finished" : "is not there"));
                return;
            }

            RunManifest manifest = RunManifest.Read(File.Exists(place) ? place : queries);
            // One kind would be merged, and the other be lost.
            if (HoldsBoth(output, File.Exists(place) && place != queries && File.Exists(queries), RunIdentity.KindOf(manifest.Identity)))
                faults.Add(new(
                    output, manifest.Shard?.Index,
                    "holds queries beside documents, and shards of one kind are merged: encode each kind into folders of its own"));
            else if (manifest.Shard is null) faults.Add(new(output, null, "is not a shard: its run has read the whole input"));
            else shards.Add(new Shard(output, manifest));
        }
        catch (ColbertException error)
        {
            faults.Add(new(output, null, $"has no manifest that can be used: {error.Message.TrimEnd('.')}"));
        }
    }

    private static bool HoldsBoth(string output, bool haveBothManifests, TextKind kind) =>
        haveBothManifests
            || (Directory.Exists(output)
            && Directory.EnumerateFiles(output)
                .Any(file => EarlierResults.Is(Path.GetFileName(file), kind == TextKind.Query ? TextKind.Document : TextKind.Query)));

    private static string? FaultOfFormat(Shard shard)
    {
        string written = shard.Manifest.Identity[RunIdentity.Format], named = RunIdentity.FormatOf(shard.Path);
        if (!Path.Exists(shard.Path)) return null;
        if (written != named)
            return $"is named as a {ShardMerge.Said(named)}, and was written as a {ShardMerge.Said(written)}: give it its name again";
        try
        {
            ShardMerge.Options(shard.Manifest.Identity, force: false);
            return null;
        }
        catch (ColbertException error)
        {
            return $"cannot be merged: {error.Message.TrimEnd('.')}";
        }
    }

    private void Refuse(Func<Shard, string?> fault)
    {
        foreach (Shard shard in shards.ToArray())
        {
            if (fault(shard) is not { } what) continue;
            shards.Remove(shard);
            faults.Add(new(shard.Path, shard.Part.Index, what));
        }
    }

    private void Warn()
    {
        var cpus = Shards.SelectMany(shard => shard.Manifest.Cpus.Select(cpu => (cpu, shard)))
            .GroupBy(pair => pair.cpu, pair => pair.shard, StringComparer.Ordinal).ToArray();
        if (cpus.Length > 1)
            warnings.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The shards were made on {cpus.Length} kinds of CPU, and the last bits of vectors may differ between "
                        + $"them: {string.Join("; ", cpus.Select(Said))}."));
        if (ShardRuns.Dates(Shards) is { } dates) warnings.Add(dates);

        static string Said(IGrouping<string, Shard> made)
        {
            return $"{ShardRuns.Numbers(made)} on {made.Key}";
        }
    }

    // What a wildcard for outputs finds beside them.
    private static bool IsBeside(string path, string output) =>
        path.Length > output.Length && path.StartsWith(Path.TrimEndingDirectorySeparator(output), StringComparison.Ordinal)
        && path[Path.TrimEndingDirectorySeparator(output).Length..] is ".manifest.json" or ".query.manifest.json" or ".errors.jsonl"
            or ".query.errors.jsonl";

    private static ColbertException Nothing(string what) =>
        new(ColbertErrorId.InputInvalid, $"There is no shard to merge. {what}", null, "Give the outputs of colbert encode --shard.");
}
