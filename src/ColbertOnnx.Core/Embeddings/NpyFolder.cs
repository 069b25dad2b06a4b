using System.Runtime.InteropServices;
using ColbertOnnx.IO;

namespace ColbertOnnx.Embeddings;

/// <summary>
/// A folder with an npy file for each text, and the texts in a file for each kind. In a folder that exists already other files stay; with
/// Force the results of an earlier run are replaced as a whole, the surplus of a longer one included, and nothing else.
/// </summary>
internal sealed class NpyFolder : StagedWriter
{
    /// <summary>What the place is called after where the results of a folder gather that is there.</summary>
    public const string GatheredAs = "embeddings";

    private const string Arrays = "arrays";
    private readonly bool existed;
    private TextKind[]? written;

    public NpyFolder(string target, EmbeddingWriterOptions options)
        : base(Free(target, options), options, PlaceFor(target, options), null)
    {
        existed = Directory.Exists(target);
        OutputGuard.Run(target, () =>
        {
            Directory.CreateDirectory(Parts.PathOf(Arrays));
            // Those that were written behind the last noted place.
            foreach (string file in Directory.EnumerateFiles(Parts.PathOf(Arrays)))
                if (!Kinds.Any(kind =>
                    NpyFormat.NumberOf(kind, Path.GetFileName(file)) is >= 0 and long number && number < State.Numbers[(int)kind]))
                    File.Delete(file);
        });
    }

    private static TextKind[] Kinds { get; } = Enum.GetValues<TextKind>();

    // A run of one kind writes that, also where no text has an embedding.
    private IEnumerable<TextKind> Written => written ?? Kinds.Where(kind => kind == Kind || State.Numbers[(int)kind] > 0);

    protected override string[] Others => [Arrays];

    protected override bool Outlives(IReadOnlyDictionary<string, string> run) => !Written.Contains(RunIdentity.KindOf(run));

    protected override IEnumerable<string> Manifests => Written.Select(kind => ManifestPlace.Of(Target, isFolder: true, kind));

    protected override ManifestOutput Sum(string path) => OutputSum.OfFolder(Directory.EnumerateFiles(path), Path.GetFileName(Target));

    protected override void Write(ColbertEmbedding embedding, string name)
    {
        ReadOnlySpan<byte> bytes = Matrix.Of(embedding, out ReadOnlySpan<float> scales);
        WriteFile(name, NpyFormat.Header(Matrix.Descr, embedding.TokenCount, Matrix.Width(embedding.Dimension)), bytes);
        if (Type == EmbeddingType.Int8)
            WriteFile(name + ArrayEmbeddings.ScaleSuffix, NpyFormat.Header("<f4", scales.Length), MemoryMarshal.AsBytes(scales));
        Lines.Write(Parts.Part(TextSource.FileOf(embedding.Kind)), embedding, name);
    }

    protected override string Finish()
    {
        // Nothing of no kind replaces whatever is there.
        written = [.. Written];
        if (written.Length == 0 && existed) written = [.. Kinds.Where(kind => EarlierResults.In(Target, kind).Any())];
        if (written.Length == 0) written = [TextKind.Document];
        // Without texts too: an empty file says that the folder is a result, and of what.
        foreach (string file in written.Select(TextSource.FileOf)) Parts.Part(file);
        Parts.Close();
        foreach (string file in Kinds.Select(TextSource.FileOf))
            if (File.Exists(Parts.PathOf(file))) File.Move(Parts.PathOf(file), Path.Combine(Parts.PathOf(Arrays), file));
        return Arrays;
    }

    // Behind the first move of an exchange, texts may be those of the target.
    protected override void Regather()
    {
        if (Directory.Exists(Parts.PathOf(StagingFolder.Aside))) return;
        foreach (string file in Kinds.Select(TextSource.FileOf))
        {
            string moved = Path.Combine(Parts.PathOf(Arrays), file);
            if (File.Exists(moved) && !File.Exists(Parts.PathOf(file))) File.Move(moved, Parts.PathOf(file));
        }
    }

    protected override void RefuseExisting() => OutputGuard.Run(Target, () =>
    {
        foreach (TextKind kind in Written) EarlierResults.Refuse(Target, kind, Force);
    });

    protected override void Place(string path)
    {
        if (!existed && !Directory.Exists(Target))
        {
            Directory.Move(path, Target);
            return;
        }

        KeepOnInterruption();
        new FolderExchange(Target, path, Parts.PathOf(StagingFolder.Aside), [.. Written]).Run();
    }

    private void WriteFile(string name, byte[] header, ReadOnlySpan<byte> bytes)
    {
        using var stream = new FileStream(Path.Combine(Parts.PathOf(Arrays), name + ".npy"), FileMode.CreateNew, FileAccess.Write);
        stream.Write(header);
        stream.Write(bytes);
    }

    // In a folder that is there; but an interrupted run of this kind stays where it began, before the folder was there.
    private static (string Folder, string Name) PlaceFor(string target, EmbeddingWriterOptions options)
    {
        (string Folder, string Name)[] places = PlacesOf(target);
        bool isBegun = options.Resume is { } run && ResumeJournal.RunIn(PartialsOf(target)[0]) is { } before
            && RunIdentity.KindOf(before) == RunIdentity.KindOf(run);
        return Directory.Exists(target) && !isBegun ? places[1] : places[0];
    }

    private static string Free(string target, EmbeddingWriterOptions options)
    {
        if (File.Exists(target)) throw OutputGuard.Exists(target);
        OutputGuard.Run(target, () =>
        {
            foreach (TextKind kind in Kinds)
                if ((options.Kind ?? kind) == kind) EarlierResults.Refuse(target, kind, options.Force);
        });
        return target;
    }
}
