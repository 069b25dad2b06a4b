using ColbertOnnx.IO;
using ColbertOnnx.Runtime;

namespace ColbertOnnx.Embeddings;

/// <summary>
/// An output that gathers beside its target and gets its name when it is complete. With <see cref="EmbeddingWriterOptions.Resume"/> what an
/// interrupted run has written stays there, and this one goes on with it.
/// </summary>
internal abstract class StagedWriter : IEmbeddingWriter
{
    /// <summary>Where the parts gather, and among them the errors of texts that could not be encoded.</summary>
    public const string PartsFolder = "parts", Errors = "errors.jsonl";

    private readonly StagingFolder? staging;
    private readonly string partial;
    private readonly ResumeJournal? journal;
    private readonly bool isRecorded;
    private bool isBroken;
    private bool isOver;

    /// <param name="target">Full path.</param>
    /// <param name="options">How to write.</param>
    /// <param name="place">Where to gather: one of <see cref="PlacesOf"/>.</param>
    /// <param name="through">What is written passes this first; null: nothing.</param>
    protected StagedWriter(
        string target, EmbeddingWriterOptions options, (string Folder, string Name) place, Func<Stream, Stream>? through)
    {
        (string folder, string name) = place;
        Target = target;
        Force = options.Force;
        Type = options.Type;
        (Kind, isRecorded) = (options.Kind, options.IsRecorded);
        Matrix = new MatrixBytes(options.Type);
        Lines = new TextLines(options.Type);
        StagingFolder? gathering = null;
        StagedParts? parts = null;
        partial = PartialOf(folder, name);
        RefuseOtherManifests();
        OutputGuard.Run(target, () =>
        {
            // Another user's would be gone on with as if it were our own.
            if (options.Resume is not null && Path.Exists(partial) && !Ownership.IsUsers(partial))
                throw new IOException($"'{partial}' is not a folder of this user.");
            if (options.Resume is not null && ResumeJournal.OthersIn(partial) is { } other)
                throw new IOException($"'{partial}' is where its run would gather, and holds '{other}'.");
            if (options.Resume is null) gathering = new StagingFolder(folder, name, target);
            if (gathering is not null) StagingName.Becomes(gathering.FileOf(PartsFolder), target);
            try
            {
                parts = new StagedParts(Path.Combine(gathering?.Path ?? partial, PartsFolder), options.Resume is not null, through);
            }
            catch
            {
                gathering?.Dispose();
                throw;
            }
        });
        (staging, Parts) = (gathering, parts!);
        if (options.Resume is not { } what)
        {
            TryNames();
            return;
        }

        ResumeJournal? opened = null;
        OutputGuard.Run(target, () => opened = ResumeJournal.Open(partial, target, what));
        journal = opened!;
        try
        {
            TryNames();
            OutputGuard.Run(target, Regather);
            Resumed = journal.Last(entry => Parts.Hold(entry.Lengths));
            if (Resumed is { } entry) (State, Cpus) = (entry.State, [.. entry.Cpus.Union(Cpus)]);
            OutputGuard.Run(target, () => Parts.Restore(Resumed?.Lengths ?? [], Resumed is null ? [] : Others));
        }
        catch
        {
            Parts.Dispose();
            journal.Dispose();
            throw;
        }
    }

    /// <summary>How far the interrupted run was that this one goes on with; null: this one began anew.</summary>
    public JournalEntry? Resumed { get; }

    /// <summary>Where an interrupted run stays.</summary>
    public string Partial => partial;

    /// <summary>Texts that were written, those of the interrupted run included.</summary>
    public long Texts => State.Texts;

    /// <summary>Token vectors of these texts.</summary>
    public long TokenCount => State.Rows;

    /// <summary>Those that have computed them.</summary>
    public IReadOnlyList<string> Cpus { get; } = [CpuFeatures.Text];

    protected string Target { get; }

    protected bool Force { get; }

    protected EmbeddingType Type { get; }

    /// <summary>What will be written, if that is known.</summary>
    protected TextKind? Kind { get; }

    protected StagedParts Parts { get; }

    protected MatrixBytes Matrix { get; }

    protected TextLines Lines { get; }

    protected WriterState State { get; } = new();

    /// <summary>What lies among the parts and is none.</summary>
    protected virtual string[] Others => [];

    /// <summary>Where the manifests lie of what is written; a run of one kind has one.</summary>
    protected virtual IEnumerable<string> Manifests => [ManifestPlace.Of(Target, isFolder: false, default)];

    /// <summary>Whether an interrupted run, by the head of its journal, would have become another output than this one.</summary>
    protected virtual bool Outlives(IReadOnlyDictionary<string, string> run) => false;

    /// <summary>Where an interrupted run may have stayed.</summary>
    public static string[] PartialsOf(string target) => [.. PlacesOf(target).Select(place => PartialOf(place.Folder, place.Name))];

    /// <summary>Where what a resumable run has written stays.</summary>
    /// <param name="folder">Where it gathers.</param>
    /// <param name="name">What the gathering place is called after.</param>
    public static string PartialOf(string folder, string name) => Path.Combine(folder, $".{name}.partial");

    public void Write(ColbertEmbedding embedding)
    {
        ObjectDisposedException.ThrowIf(isOver, this);
        isBroken = true;
        try
        {
            OutputGuard.Run(Target, () => Write(embedding, NpyFormat.NameOf(embedding.Kind, State.Numbers[(int)embedding.Kind])));
        }
        catch (ColbertException error) when (error.Id == ColbertErrorId.InferenceFailed)
        {
            isBroken = false;
            throw;
        }

        State.Numbers[(int)embedding.Kind]++;
        State.Texts++;
        State.Rows += embedding.TokenCount;
        isBroken = false;
    }

    public void Skip(TextKind kind) => State.Numbers[(int)kind]++;

    /// <summary>Notes why a text has no embedding.</summary>
    public void Fail(byte[] line)
    {
        ObjectDisposedException.ThrowIf(isOver, this);
        isBroken = true;
        OutputGuard.Run(Target, () => Parts.Part(Errors).Write(line));
        isBroken = false;
    }

    /// <summary>The next text has that number, or one behind it.</summary>
    public void SkipTo(TextKind kind, long number) => State.Numbers[(int)kind] = Math.Max(State.Numbers[(int)kind], number);

    /// <summary>Whether the format stores what <see cref="Describe"/> receives.</summary>
    public virtual bool KeepsDescription => false;

    /// <summary>What computes the embeddings, for formats that say it; before the first one.</summary>
    public virtual void Describe(EncoderDescription encoder)
    {
    }

    /// <summary>A later run can go on from here. False: it cannot, and goes on from the place before.</summary>
    public bool Checkpoint(RunState run)
    {
        if (journal is null || isBroken || isOver) return false;
        OutputGuard.Run(Target, () => journal.Write(new JournalEntry(run, State, Parts.Flush(), Cpus)));
        return true;
    }

    public void Complete() => Complete(null);

    /// <summary>All is written: the output gets its name, and then its manifest.</summary>
    /// <param name="describe">Makes the manifest; null: there is none, and one of an earlier output goes.</param>
    public void Complete(Func<ManifestOutput, RunManifest>? describe)
    {
        ObjectDisposedException.ThrowIf(isOver, this);
        isBroken = true;
        string part = "";
        OutputGuard.Run(Target, () =>
        {
            part = Finish();
            Parts.Close();
            if (describe is not null) ManifestPlace.Write(Gathered(Manifests.Single()), describe(Sum(Parts.PathOf(part))));
        });
        RefuseExisting();
        RefuseOtherManifests();
        OutputGuard.Run(Target, () =>
        {
            Place(Parts.PathOf(part));
            journal?.End();
            foreach (string manifest in Manifests)
            {
                if (describe is null) ManifestPlace.Remove(manifest);
                else ManifestPlace.Put(Gathered(manifest), Parts.PathOf(Errors), manifest, keepsErrors: false);
            }
        });
        isOver = true;
        Abandon();
        Parts.Complete();
        journal?.Dispose();
        if (staging is null) StagingName.Delete(partial);
        else staging.Dispose();
        foreach (var (folder, name) in PlacesOf(Target)) StagingFolder.RemoveLeftovers(folder, name, isReplaced: true);
        foreach (string left in PartialsOf(Target)) ResumeJournal.RemoveLeft(left, Outlives);
    }

    public void Dispose()
    {
        Lines.Dispose();
        if (isOver) return;
        isOver = true;
        Abandon();
        Parts.Dispose();
        journal?.Dispose();
        staging?.Dispose();
    }

    /// <summary>One text into the parts; the state moves on behind it.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InferenceFailed"/>: the format cannot hold its values. Nothing of it is
    /// written then, and the run can go on without it.</exception>
    protected abstract void Write(ColbertEmbedding embedding, string name);

    /// <summary>Makes what will be the target out of the parts; gives its name among them.</summary>
    protected abstract string Finish();

    /// <summary>Frees what a writer holds beside its parts: these are closed next, and go away or are in their place.</summary>
    protected virtual void Abandon()
    {
    }

    protected abstract void RefuseExisting();

    /// <summary>Undoes <see cref="Finish"/> of a run that was ended behind it, before the parts are looked for.</summary>
    protected virtual void Regather()
    {
    }

    /// <summary>Of what will be the target.</summary>
    protected abstract ManifestOutput Sum(string path);

    /// <summary>Moves it there.</summary>
    protected abstract void Place(string path);

    /// <summary>
    /// A signal that ends the process leaves from here on what is gathered: it holds all that is left of an earlier result.
    /// </summary>
    protected void KeepOnInterruption()
    {
        if (staging is not null) StagingName.Keep(staging.Path);
    }

    /// <summary>All texts with rows have one; one without may not know it.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: those before it had another.</exception>
    protected void CheckDimension(ColbertEmbedding embedding)
    {
        if (embedding.TokenCount == 0 && (embedding.Dimension == 0 || State.Rows > 0)) return;
        if (State.Rows > 0 && embedding.Dimension != State.Dimension)
        {
            throw new ColbertException(
                ColbertErrorId.InputInvalid,
                $"The embedding of {(embedding.Id is null ? $"\"{embedding.Text}\"" : $"'{embedding.Id}'")} has {embedding.Dimension} "
                    + $"dimensions, those before it {State.Dimension}.",
                embedding.Id ?? embedding.Text,
                "Write the embeddings of each model into a file of their own.");
        }

        State.Dimension = embedding.Dimension;
    }

    /// <summary>
    /// Folders of the target's file system in which it may gather, and what the place is called after: beside it, and in it, as a folder
    /// does once it is there.
    /// </summary>
    protected static (string Folder, string Name)[] PlacesOf(string target) =>
        [(Path.GetDirectoryName(target)!, Path.GetFileName(target)), (target, NpyFolder.GatheredAs)];

    private string Gathered(string manifest) => Path.Combine(staging?.Path ?? partial, Path.GetFileName(manifest));

    private void RefuseOtherManifests()
    {
        if (!isRecorded) return;
        foreach (string manifest in Manifests) ManifestPlace.RefuseOthers(manifest);
    }

    // A name that is too long for the file system is reported before the work, not after it.
    private void TryNames()
    {
        if (!isRecorded) return;
        OutputGuard.Run(Target, () =>
        {
            foreach (string manifest in Manifests) new FileStream(Gathered(manifest), FileMode.OpenOrCreate, FileAccess.Write).Dispose();
        });
    }
}
