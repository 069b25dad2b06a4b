namespace ColbertOnnx.Embeddings;

/// <summary>What a manifest may not say though every field has its type.</summary>
internal static class ManifestCheck
{
    private const int Sha256 = 64, ContentHash = 32;

    // What every run writes, whatever the model says of itself; null: any text.
    private static readonly (string Name, string[]? Values)[] Identity =
    [
        ("product", null), (RunIdentity.Format, null), (RunIdentity.Type, null), (RunIdentity.Layout, null),
        ("kind", ["document", "query"]), (RunIdentity.Tokens, [RunIdentity.Yes, "no"]), (RunIdentity.Texts, [RunIdentity.Yes, "no"]),
    ];

    /// <summary>What is wrong, with the field, as a sentence without a point; null: nothing.</summary>
    public static string? Fault(RunManifest manifest) => Faults(manifest).FirstOrDefault();

    private static IEnumerable<string> Faults(RunManifest manifest)
    {
        (ManifestOutput output, ManifestInput input, ManifestCounts counts) = (manifest.Output, manifest.Input, manifest.Counts);
        if (!IsName(output.Name)) yield return "the field output.name is not a file name";
        if (output.Bytes < 0) yield return "the field output.bytes is negative";
        if (!IsHash(output.Sha256, Sha256)) yield return "the field output.sha256 is not a SHA-256";
        if (input.Files.Count == 0) yield return "the field input.files is empty";
        for (int i = 0; i < input.Files.Count; i++)
        {
            string place = FormattableString.Invariant($"the field input.files[{i}]");
            if (input.Files[i] is not { } file)
            {
                yield return $"{place} is null";
                yield break;
            }

            if (!IsName(file.Name)) yield return $"{place}.name is not a file name";
            if (file.Bytes < 0) yield return $"{place}.bytes is negative";
            if (file.Digest is { } digest && !IsHash(digest, ContentHash)) yield return $"{place}.digest is not a hash";
            if (file.Bytes is null != file.Digest is null || file.Bytes is null != file.Modified is null)
                yield return $"{place} has some of bytes, modified and digest, and belong together";
        }

        if (!IsHash(input.Hash, ContentHash)) yield return "the field input.hash is not a hash";
        foreach ((string name, long count) in new[]
        {
            ("texts", counts.Texts), ("embeddings", counts.Embeddings), ("tokens", counts.Tokens), ("errors", counts.Errors),
            ("truncated", counts.Truncated),
        })
            if (count < 0) yield return $"the field counts.{name} is negative";
        if (counts.Texts != counts.Embeddings + counts.Errors)
            yield return "the field counts.texts is not the sum of embeddings and errors";
        if (counts.Truncated > counts.Embeddings) yield return "the field counts.truncated is larger than embeddings";
        foreach ((string name, string value) in manifest.Identity)
            if (value is null) yield return $"the field identity.{name} is null";
        foreach ((string name, string[]? values) in Identity)
        {
            if (!manifest.Identity.TryGetValue(name, out string? value)) yield return $"the field identity.{name} is missing";
            else if (values?.Contains(value) == false) yield return $"the field identity.{name} is not {string.Join(" or ", values)}";
        }

        if (manifest.Cpus.Count == 0 || manifest.Cpus.Any(cpu => cpu is null))
            yield return "the field processors names none";
        if (manifest.Shard is { } shard && Fault(shard, input) is { } fault) yield return fault;
    }

    private static string? Fault(ManifestShard shard, ManifestInput input)
    {
        if (shard.Count < 1) return "the field shard.count is less than 1";
        if (shard.Count > Limits.MostShards)
            return FormattableString.Invariant($"the field shard.count is more than {Limits.MostShards} (the limit MostShards)");
        if (shard.Index < 1 || shard.Index > shard.Count) return "the field shard.index is not from 1 to count";
        if (shard.Start < 0 || shard.End < shard.Start) return "the fields shard.start and shard.end are not a range";
        if (input.Files.Any(file => file.Bytes is null)) return "the field shard stands with an input that has no length";
        return shard.End > input.Files.Sum(file => (decimal)file.Bytes!.Value)
            ? "the field shard.end is behind the end of the input"
            : null;
    }

    private static bool IsName(string name) => name.Length > 0 && name.AsSpan().IndexOfAny('/', '\0') < 0;

    private static bool IsHash(string text, int length) => text.Length == length && !text.AsSpan().ContainsAnyExcept("0123456789abcdef");
}
