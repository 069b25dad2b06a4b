namespace ColbertOnnx.Embeddings;

/// <summary>What the manifest beside embeddings that are read says of them, and what of it they do not fit.</summary>
internal sealed class ManifestBeside
{
    private readonly string output;
    private readonly Action<string>? notice;
    private readonly RunManifest? manifest;
    private long count;

    // Compares the length; nothing is hashed.
    private ManifestBeside(string output, string place, Action<string>? notice)
    {
        (this.output, this.notice) = (output, notice);
        if (!File.Exists(place)) return;
        try
        {
            manifest = RunManifest.Read(place);
        }
        catch (ColbertException error)
        {
            notice?.Invoke($"'{output}' has a manifest beside it that cannot be used: {error.Message.TrimEnd('.')}.");
            return;
        }

        if (OutputSum.FindOtherLength(manifest, output) is not { } change) return;
        Tell(change);
        manifest = null;
    }

    /// <summary>Name of the model; null: no manifest speaks of this output.</summary>
    public string? Model => manifest is null ? null : RunIdentity.ModelOf(manifest.Identity);

    /// <summary>By kind: in a folder each has one of its own, beside a file both have the same.</summary>
    public static ManifestBeside[] Of(string output, Action<string>? notice)
    {
        string[] places = [.. Enum.GetValues<TextKind>().Select(kind => PlaceOf(output, kind))];
        Dictionary<string, ManifestBeside> found = places.Distinct(StringComparer.Ordinal)
            .ToDictionary(place => place, place => new ManifestBeside(output, place, notice), StringComparer.Ordinal);
        return [.. places.Select(place => found[place])];
    }

    public void Count() => count++;

    /// <summary>All embeddings were read.</summary>
    public void End()
    {
        if (manifest is not null && count != manifest.Counts.Embeddings)
            Tell($"holds {ShownText.Count(count, "embedding")} instead of {manifest.Counts.Embeddings}");
    }

    // What cannot be written can be read: a pipe, the root of a file system.
    private static string PlaceOf(string output, TextKind kind)
    {
        try
        {
            return RunManifest.PathOf(output, kind);
        }
        catch (ColbertException)
        {
            return "";
        }
    }

    private void Tell(string change) => notice?.Invoke($"'{output}' is not as its manifest says: it {change}.");
}
