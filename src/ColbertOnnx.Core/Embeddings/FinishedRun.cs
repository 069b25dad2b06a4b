using ColbertOnnx.Inputs;
using ColbertOnnx.IO;

namespace ColbertOnnx.Embeddings;

/// <summary>Whether an output that is there is what a run would write.</summary>
/// <param name="path">The output.</param>
/// <param name="options">How it would be written.</param>
/// <param name="identity">What its bytes depend on.</param>
/// <param name="shard">Which part of the input is meant.</param>
/// <param name="inputs">The input's files.</param>
internal sealed class FinishedRun(
    string path, EmbeddingWriterOptions options, IReadOnlyDictionary<string, string> identity, ManifestShard? shard,
    IReadOnlyList<ManifestInputFile> inputs)
{
    /// <summary>Its manifest. Null: there is no such output, or one that nothing is known of, or that may be replaced.</summary>
    /// <param name="items">The input, which is read where its files do not tell whether it is the same.</param>
    /// <param name="changed">Receives how the output was changed, where it can be encoded again; null: that is an error.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputExists"/>, with what differs, or how the output was changed;
    /// <see cref="ColbertErrorId.OutputHeld"/>.</exception>
    public RunManifest? Find(IEnumerable<InputItem> items, Action<string>? changed)
    {
        TextKind kind = options.Kind!.Value;
        string target = OutputTarget.Of(path), place = RunManifest.PathOf(path, kind);
        if (Directory.Exists(target) ? !EarlierResults.In(target, kind).Any() : !File.Exists(target)) return null;
        SealedManifest.Place(target, place);
        if (Known(place) is not { } manifest) return null;
        string? differs = manifest.FindDifference(identity) ?? Difference(manifest.Shard, shard) ?? DifferenceOfFiles(manifest.Input.Files);
        string? change = differs is null ? manifest.FindChange(path) ?? ShardErrors.Fault(manifest, ManifestPlace.ErrorsOf(place)) : null;

        // Texts that come once are wanted by the run that follows.
        bool comesOnce = inputs.Any(file => file.Bytes is null);
        if (change is not null && (options.Force || changed is null || comesOnce))
        {
            return options.Force ? null : throw new ColbertException(
                ColbertErrorId.OutputExists, $"'{path}' exists already, and is not as its manifest says: it {change}.", path,
                "Choose another output, or write it again with -Force (--force).");
        }

        bool isRead = differs is null && !AreSame(manifest.Input.Files);
        if (isRead && options.Force && comesOnce) return null;
        if (isRead) differs = DifferenceOfTexts(manifest, items);
        if (differs is null && change is not null) changed!(change);
        if (differs is null) return change is null ? manifest : null;
        return options.Force ? null : throw new ColbertException(
            ColbertErrorId.OutputExists, $"'{path}' exists already, and is of another run: {differs}.", path,
            "Choose another output, or replace it with -Force (--force).");
    }

    // Null: it may be replaced.
    private RunManifest? Known(string place)
    {
        try
        {
            if (File.Exists(place)) return RunManifest.Read(place);
            return options.Force ? null : throw Unknown($"there is no manifest '{place}'", null);
        }
        catch (ColbertException error) when (error.Id != ColbertErrorId.OutputExists)
        {
            if (options.Force) return null;
            ManifestPlace.RefuseOthers(place);
            throw Unknown($"its manifest is broken: {error.Message.TrimEnd('.')}", error);
        }
    }

    private ColbertException Unknown(string why, Exception? inner) => new(
        ColbertErrorId.OutputExists, $"'{path}' exists already, and nothing says what it is: {why}.", path,
        "Choose another output, or replace both, output and manifest, with -Force (--force).", inner);

    private static string? Difference(ManifestShard? before, ManifestShard? now)
    {
        return before == now ? null : $"it has {Said(before)}; {Said(now)} is asked for";

        static string Said(ManifestShard? shard) => shard?.ToString() ?? "the whole input";
    }

    // Only what is plain; the same texts may come from other files.
    private string? DifferenceOfFiles(IReadOnlyList<ManifestInputFile> before)
    {
        if (before.Count != inputs.Count) return null;
        foreach ((ManifestInputFile was, ManifestInputFile now) in before.Zip(inputs))
        {
            if (was.Bytes is null || now.Bytes is null) continue;
            if (was.Bytes != now.Bytes)
                return $"its input '{was.Name}' had {ShownText.Count(was.Bytes.Value, "byte")}, and '{now.Name}' has {now.Bytes}";
            if (was.Digest != now.Digest) return $"its input '{was.Name}' has other bytes now";
        }

        return null;
    }

    // Of a large file the digest covers a part.
    private bool AreSame(IReadOnlyList<ManifestInputFile> before) =>
        before.Count == inputs.Count
            && before.Zip(inputs)
                .All(pair => pair.First.Bytes is { } bytes && pair.Second.Bytes == bytes
                    && (bytes <= FileDigest.WholeUpTo || pair.First.Modified == pair.Second.Modified));

    private static string? DifferenceOfTexts(RunManifest manifest, IEnumerable<InputItem> items)
    {
        (long texts, string hash) = InputHistory.HashOf(items);
        if (texts != manifest.Counts.Texts)
            return $"its input had {ShownText.Count(manifest.Counts.Texts, "text")}, and has {texts} now";
        return hash == manifest.Input.Hash ? null : "its input had other texts or ids";
    }
}
