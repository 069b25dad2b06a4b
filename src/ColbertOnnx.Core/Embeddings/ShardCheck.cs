namespace ColbertOnnx.Embeddings;

/// <summary>Which outputs are the shards of one run: manifests first, then the bytes of those that could be merged.</summary>
internal sealed class ShardCheck
{
    private readonly List<ShardFault> faults = [];
    private readonly List<Shard> shards = [];
    private readonly List<string> warnings = [];

    public ShardCheck(IReadOnlyList<string> outputs, Action<string> note, CancellationToken cancellation)
    {
        foreach (string output in outputs.Where(output => !outputs.Any(other => IsBeside(output, other)))) Add(output);
        if (shards.Count == 0) throw faults.Count == 1 ? Nothing(faults[0].ToString()) : Nothing($"None of the {faults.Count} outputs is a finished shard; the first: {faults.FirstOrDefault()}");

        // Of the most it is likelier that they are what was meant.
        Shard model = shards.GroupBy(shard => shard.Run, StringComparer.Ordinal).MaxBy(group => group.Count())!.First();
        Refuse(shard => shard.Run == model.Run ? null : shard.DifferenceFrom(model));
        var first = new Dictionary<int, string>();
        Refuse(shard => first.TryAdd(shard.Part.Index, shard.Path) ? null : FormattableString.Invariant($"is shard {shard.Part.Index}/{shard.Part.Count}, as '{first[shard.Part.Index]}' is"));
        long length = model.Manifest.Input.Files.Sum(file => file.Bytes!.Value);
        Refuse(shard => (shard.Part.Start, shard.Part.End) == new ColbertShard(shard.Part.Index, shard.Part.Count).Of(length) ? null : "says that it read other bytes of the input than its number has");
        Refuse(shard =>
        {
            cancellation.ThrowIfCancellationRequested();
            note(shard.Path);
            return shard.Manifest.FindChange(shard.Path);
        });
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

    /// <summary>Those that can be merged, in their order.</summary>
    public IReadOnlyList<Shard> Shards { get; }

    private void Add(string output)
    {
        try
        {
            // A folder may hold queries alone.
            string place = RunManifest.PathOf(output), queries = RunManifest.PathOf(output, TextKind.Query);
            bool isThere = File.Exists(output) || Directory.Exists(output);
            if (!File.Exists(place) && !File.Exists(queries))
            {
                faults.Add(new(output, null, isThere ? "has no manifest beside it, so that nothing says that it is finished" : "is not there"));
                return;
            }

            RunManifest manifest = RunManifest.Read(File.Exists(place) ? place : queries);
            if (manifest.Shard is null) faults.Add(new(output, null, "is no shard: its run has read the whole input"));
            else shards.Add(new Shard(output, manifest));
        }
        catch (ColbertException error)
        {
            faults.Add(new(output, null, $"has no manifest that can be used: {error.Message.TrimEnd('.')}"));
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
        var processors = Shards.SelectMany(shard => shard.Manifest.Processors.Select(processor => (processor, shard))).GroupBy(pair => pair.processor, pair => pair.shard, StringComparer.Ordinal).ToArray();
        if (processors.Length > 1)
            warnings.Add(FormattableString.Invariant($"The shards were made on {processors.Length} kinds of processor, and the last bits of vectors may differ between them: {string.Join("; ", processors.Select(Said))}."));
        if (Shards.Count > 0 && Shards.Skip(1).Any(shard => !shard.Manifest.Input.Files.Select(file => file.Modified).SequenceEqual(Shards[0].Manifest.Input.Files.Select(file => file.Modified))))
            warnings.Add("The shards were made of files of the same length and digest and of different dates, as copies are.");

        foreach (Shard shard in Shards.Where(shard => shard.Manifest.Counts.Errors > 0 && !File.Exists(ShardErrors.PathOf(shard))))
            warnings.Add(FormattableString.Invariant($"{shard.Manifest.Counts.Errors} texts of '{shard.Path}' could not be encoded, and the file that says which is not there."));

        static string Said(IGrouping<string, Shard> made)
        {
            ShardReport numbers = new() { Count = 0, Missing = [.. made.Select(shard => shard.Part.Index).Distinct()], Faults = [], Warnings = [] };
            return $"{numbers.Array} on {made.Key}";
        }
    }

    // What a wildcard for outputs finds beside them.
    private static bool IsBeside(string path, string output) =>
        path.Length > output.Length && path.StartsWith(Path.TrimEndingDirectorySeparator(output), StringComparison.Ordinal)
        && path[Path.TrimEndingDirectorySeparator(output).Length..] is ".manifest.json" or ".query.manifest.json" or ".errors.jsonl" or ".query.errors.jsonl";

    private static ColbertException Nothing(string what) => new(ColbertErrorId.InputInvalid, $"There is no shard to merge. {what}", null, "Give the outputs of colbert encode --shard.");
}
