using System.Globalization;
using ColbertOnnx.Inputs;
using ColbertOnnx.IO;

namespace ColbertOnnx.Embeddings;

/// <summary>Writes the embeddings of shards as one run would have written them.</summary>
internal static class ShardMerge
{
    /// <param name="shards">All of one run, in their order.</param>
    /// <param name="target">The output.</param>
    /// <param name="force">Replace what is there.</param>
    /// <param name="progress">Receives how many embeddings are written.</param>
    public static RunManifest Run(
        IReadOnlyList<Shard> shards, string target, bool force, Action<long> progress, CancellationToken cancellation)
    {
        IReadOnlyDictionary<string, string> identity = shards[0].Manifest.Identity;
        EmbeddingWriterOptions options = Options(identity, force);
        if (RunIdentity.FormatOf(target) is var format && format != identity[RunIdentity.Format])
            throw new ColbertException(
                ColbertErrorId.InputInvalid,
                $"'{target}' would be a {Said(format)}, and the shards are {Said(identity[RunIdentity.Format])}s.", target,
                "Merge into the format of the shards; Import-ColbertEmbedding and Export-ColbertEmbedding change it.");
        OutputTarget.RefuseInputs(target, shards.Select(shard => shard.Path));
        TextKind kind = options.Kind!.Value;
        using StagedWriter writer = EmbeddingWriter.Open(target, options);
        if (writer.KeepsDescription && Encoder(shards) is { } encoder) writer.Describe(encoder);
        long before = 0;
        foreach (Shard shard in shards)
        {
            Copy(shard, writer, kind, before, progress, cancellation);
            ShardErrors.Copy(shard, writer, before);
            before += shard.Manifest.Counts.Texts;
        }

        RunManifest? whole = null;
        writer.Complete(output => whole = Whole(shards, output with { Name = ShortText.Of(output.Name)! }));
        foreach (Shard shard in shards)
            SealedManifest.RemoveRubbish(OutputTarget.Of(shard.Path), RunManifest.PathOf(shard.Path, kind));
        return whole!;
    }

    private static void Copy(
        Shard shard, StagedWriter writer, TextKind kind, long before, Action<long> progress, CancellationToken cancellation)
    {
        ManifestCounts counts = shard.Manifest.Counts;
        (long texts, long tokens) = (writer.Texts, writer.TokenCount);
        IEnumerable<StoredEmbedding> all = counts.Embeddings == 0
            ? []
            : EmbeddingReader.Read(shard.Path, new EmbeddingReaderOptions { Kind = kind });
        foreach (StoredEmbedding stored in all)
        {
            cancellation.ThrowIfCancellationRequested();
            if (stored.Kind != kind) continue;
            // Numbers are places in the input: that of a text without an embedding stays free.
            if (stored.Name is { } name && NpyFormat.NumberOf(kind, name + ".npy") is >= 0 and long number)
                writer.SkipTo(kind, before + number);
            writer.Write(stored.ToEmbedding());
            progress(writer.Texts);
        }

        writer.SkipTo(kind, before + counts.Texts);
        if ((writer.Texts - texts, writer.TokenCount - tokens) != (counts.Embeddings, counts.Tokens))
            throw EmbeddingErrors.Invalid(
                shard.Path,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"it holds {ShownText.Count(writer.Texts - texts, "embedding")} of "
                        + $"{ShownText.Count(writer.TokenCount - tokens, "token vector")}, and its manifest says "
                        + $"{counts.Embeddings} and {counts.Tokens}."), "Encode the shard again.");
    }

    private static RunManifest Whole(IReadOnlyList<Shard> shards, ManifestOutput output)
    {
        SequenceHash hash = new();
        foreach (Shard shard in shards) hash.Add(shard.Manifest.Input.Hash, shard.Manifest.Counts.Texts);
        RunManifest first = shards[0].Manifest;
        return new RunManifest
        {
            Output = output,
            Input = first.Input with { Hash = hash.ToString() },
            Shard = null,
            Counts = new ManifestCounts(
                Sum(c => c.Texts), Sum(c => c.Embeddings), Sum(c => c.Tokens), Sum(c => c.Errors), Sum(c => c.Truncated)),
            FirstId = shards.FirstOrDefault(HasTexts)?.Manifest.FirstId,
            LastId = shards.LastOrDefault(HasTexts)?.Manifest.LastId,
            Identity = first.Identity,
            Cpus = [.. shards.SelectMany(shard => shard.Manifest.Cpus).Distinct(StringComparer.Ordinal)],
        };

        long Sum(Func<ManifestCounts, long> count) => shards.Sum(shard => count(shard.Manifest.Counts));
        static bool HasTexts(Shard shard) => shard.Manifest.Counts.Texts > 0;
    }

    public static EmbeddingWriterOptions Options(IReadOnlyDictionary<string, string> identity, bool force) => new()
    {
        Force = force,
        Kind = RunIdentity.KindOf(identity),
        Type = EmbeddingTypes.TryParse(identity[RunIdentity.Type], out EmbeddingType type)
            ? type
            : throw Unknown(RunIdentity.Type, identity),
        Layout = identity[RunIdentity.Layout] is { Length: > 0 } layout
            ? Enum.TryParse(layout, out EmbeddingLayout known) ? known : throw Unknown(RunIdentity.Layout, identity)
            : null,
        IncludeTokens = RunIdentity.HasTokens(identity),
        IncludeText = identity[RunIdentity.Texts] == RunIdentity.Yes,
        IsRecorded = true,
    };

    private static EncoderDescription? Encoder(IReadOnlyList<Shard> shards) =>
        ((IEmbeddingFormat)ParquetAddOn.Load(shards[0].Path)).Describe(shards[0].Path).Encoder;

    public static string Said(string format) => format == "folder" ? "folder of npy files" : $"{format} file";

    private static ColbertException Unknown(string field, IReadOnlyDictionary<string, string> identity) =>
        new(
            ColbertErrorId.InputInvalid, $"The shards have the {field} '{identity[field]}', which is not known here.", null,
            "Merge with the version of the product that has written them.");
}
