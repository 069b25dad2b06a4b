using System.Diagnostics;
using ColbertOnnx.Embeddings;
using ColbertOnnx.Inputs;

namespace ColbertOnnx;

/// <summary>
/// The output of a run over a corpus: takes its embeddings in the order of the texts and leaves a file or folder with a manifest beside it
/// (<see cref="RunManifest"/>). With <see cref="ColbertRunOptions.Resume"/> what is written stays when the run is interrupted, and the same
/// run again goes on with it, to the same bytes. One caller writes; <see cref="Read"/> may be enumerated on another thread.
/// </summary>
/// <example>
/// <code>
/// var options = new ColbertRunOptions { Kind = TextKind.Document, Inputs = ["corpus.jsonl"], Resume = true };
/// using var run = new ColbertRun("corpus.safetensors", model, options);
/// using ColbertEncodeStream stream = model.OpenStream(TextKind.Document);
/// foreach (InputItem item in run.Read(InputReader.ReadFile("corpus.jsonl"))) stream.Push(new ColbertText(item.Text, item.Id), Take);
/// stream.Finish(Take);
/// run.Complete();
///
/// void Take(ColbertEncodeResult result)
/// {
///     if (result.Embedding is { } embedding) run.Write(embedding);
///     else run.Fail(result.Error!, result.Input.Id);
/// }
/// </code>
/// </example>
public sealed class ColbertRun : IDisposable
{
    // What is lost at most when the process is killed.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ColbertRunOptions options;
    private readonly IReadOnlyDictionary<string, string> identity;
    private readonly IReadOnlyList<ManifestInputFile> inputs;
    private readonly ManifestShard? shard;
    private readonly StagedWriter writer;
    private readonly InputHistory history;
    private long noted = Stopwatch.GetTimestamp();
    private long known;
    private int exitCode;

    /// <summary>Begins a run, or goes on with an interrupted one.</summary>
    /// <param name="path">A folder, or a file that ends in .npz, .safetensors, .parquet, .jsonl or .ndjson.</param>
    /// <param name="model">The model that the embeddings come from: another one does not go on with a run.</param>
    /// <param name="options">What is read and how it is written.</param>
    /// <exception cref="ColbertException">
    /// As <see cref="ColbertEmbeddingWriter(string, ColbertEmbeddingFileOptions?)"/>. <see cref="ColbertErrorId.OutputExists"/> also: the
    /// run that was interrupted there was another one, which the message says; an input is the output; or what lies in the place of the
    /// manifest is none. <see cref="ColbertErrorId.OutputHeld"/>: another process is at it.
    /// </exception>
    public ColbertRun(string path, ColbertModel model, ColbertRunOptions options)
        : this(path, IdentityOf(model, options), options with { EncodedWith = null }) => Describe(model);

    /// <summary>
    /// The same with a model that is opened later: what is wrong with the output is reported before. Then <see cref="Describe"/> is to be
    /// called.
    /// </summary>
    /// <param name="path">The output.</param>
    /// <param name="model">
    /// What the model says of itself (<see cref="ColbertModel.ReadIdentity"/>, <see cref="ColbertModel.GetIdentity"/>).
    /// </param>
    /// <param name="options">What is read and how it is written.</param>
    /// <exception cref="ColbertException">As the other constructor.</exception>
    public ColbertRun(string path, IReadOnlyDictionary<string, string> model, ColbertRunOptions options)
    {
        EmbeddingWriterOptions plain = Plain(path, options);
        this.options = options;
        identity = IdentityOf(path, plain, model, options);
        inputs = InputFiles.Of(options.Inputs);
        shard = InputFiles.ShardOf(inputs, options.Shard);
        if (plain.IncludeTokens == true) plain = plain with { IncludeTokens = RunIdentity.HasTokens(identity) };
        writer = EmbeddingWriter.Open(path, options.Resume ? plain with { Resume = identity } : plain);
        history = new InputHistory(writer.Resumed?.Run, writer.Partial);
        (known, exitCode) = (history.State.Items, history.State.ExitCode);
    }

    /// <summary>How far the run is in its input, what an interrupted one has done included.</summary>
    public RunState State => history.State with { ExitCode = exitCode };

    /// <summary>Texts of <see cref="State"/> that a later run need not encode, should this one end now.</summary>
    public long Kept => options.Resume ? known : 0;

    /// <summary>Before the model is fetched: whether the output can be written.</summary>
    /// <param name="path">The output.</param>
    /// <param name="options">What is read and how it is written.</param>
    /// <exception cref="ColbertException">As the constructor, but for what was interrupted there.</exception>
    public static void Check(string path, ColbertRunOptions options) => EmbeddingWriter.Open(path, Plain(path, options)).Dispose();

    /// <summary>Whether the output is there, complete, and what this run would write: then there is nothing to do.</summary>
    /// <param name="path">The output.</param>
    /// <param name="model">What the model says of itself (<see cref="ColbertModel.GetIdentity"/>,
    /// <see cref="ColbertModel.ReadIdentity"/>).</param>
    /// <param name="options">What is read and how it is written.</param>
    /// <param name="items">The input, or the shard's part of it. It is read only where its files do not show that it is the same: standard
    /// input, and large files that were touched.</param>
    /// <param name="changed">
    /// Gets what is wrong with an output of this very run that has other bytes than were written, as the end of a sentence; then the
    /// answer is null, and the run is to be done again with <see cref="ColbertEmbeddingFileOptions.Force"/>. Null, or texts that come once:
    /// that is an error.
    /// </param>
    /// <returns>Its manifest. Null: there is no such output, or what is there may be replaced.</returns>
    /// <exception cref="ColbertException">
    /// <see cref="ColbertErrorId.OutputExists"/>: it is of another model, option, shard or input, or has other bytes than were written,
    /// which the message says, or has no manifest that can be read, and may not be replaced. <see cref="ColbertErrorId.OutputHeld"/>:
    /// another process completes it in this moment.
    /// </exception>
    public static RunManifest? FindFinished(
        string path, IReadOnlyDictionary<string, string> model, ColbertRunOptions options, IEnumerable<InputItem> items,
        Action<string>? changed = null)
    {
        EmbeddingWriterOptions plain = Plain(path, options);
        IReadOnlyList<ManifestInputFile> inputs = InputFiles.Of(options.Inputs);
        return new FinishedRun(
            path, plain, IdentityOf(path, plain, model, options), InputFiles.ShardOf(inputs, options.Shard), inputs).Find(items, changed);
    }

    /// <summary>What computes the embeddings, for formats that say it (Parquet); before the first one.</summary>
    /// <param name="model">The model.</param>
    public void Describe(ColbertModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (writer.KeepsDescription) writer.Describe(model.Description());
    }

    /// <summary>What is still to be encoded: texts that an interrupted run has done are read and compared, not given.</summary>
    /// <param name="items">The input, or the shard's part of it, from its beginning.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: it is not the input of the interrupted
    /// run.</exception>
    public IEnumerable<InputItem> Read(IEnumerable<InputItem> items) => history.Read(items);

    /// <summary>Writes the embedding of the next text.</summary>
    /// <param name="embedding">The embedding.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputFailed"/>; <see cref="ColbertErrorId.InferenceFailed"/>: a value
    /// that the format cannot hold.</exception>
    public void Write(ColbertEmbedding embedding)
    {
        ArgumentNullException.ThrowIfNull(embedding);
        writer.Write(embedding);
        history.Encoded(embedding.IsTruncated);
        if (Stopwatch.GetElapsedTime(noted) >= Pause) Checkpoint();
    }

    /// <summary>
    /// The next text has no embedding: where results are numbered, its number stays free, so that numbers are places in the input. It gets
    /// a line in the file of errors beside the output (<see cref="RunManifest.ErrorsPathOf"/>).
    /// </summary>
    /// <param name="error">What was wrong with it.</param>
    /// <param name="id">Its id, if it is known.</param>
    /// <param name="place">Where it stands (<see cref="InputItem.Location"/>).</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputFailed"/>.</exception>
    public void Fail(ColbertException error, string? id = null, string? place = null)
    {
        ArgumentNullException.ThrowIfNull(error);
        writer.Fail(TextFailure.ToLine(State.Items + 1, id, place, error));
        writer.Skip(options.Kind);
        history.Failed();
        exitCode = Math.Max(exitCode, error.ExitCode);
        if (Stopwatch.GetElapsedTime(noted) >= Pause) Checkpoint();
    }

    /// <summary>
    /// A later run can go on from here. Happens once a second by itself; only with <see cref="ColbertRunOptions.Resume"/>.
    /// </summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputFailed"/>.</exception>
    public void Checkpoint()
    {
        noted = Stopwatch.GetTimestamp();
        if (!options.Resume || State.Items == known) return;
        if (writer.Checkpoint(State)) known = State.Items;
    }

    /// <summary>All texts are done: the output gets its name, and its manifest beside it.</summary>
    /// <returns>The manifest.</returns>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputFailed"/>, <see cref="ColbertErrorId.OutputExists"/>.</exception>
    public RunManifest Complete()
    {
        RunManifest? manifest = null;
        writer.Complete(output => manifest = new RunManifest
        {
            Output = output with { Name = ShortText.Of(output.Name)! },
            Input = new ManifestInput(inputs, State.Hash),
            Shard = shard,
            Counts = new ManifestCounts(State.Items, State.Encoded, writer.TokenCount, State.Bad, State.Truncated),
            FirstId = ShortText.Of(history.FirstId),
            LastId = ShortText.Of(history.LastId),
            Identity = identity,
            Cpus = writer.Cpus,
        });
        known = State.Items;
        return manifest!;
    }

    /// <summary>
    /// Drops what was written where <see cref="Complete"/> was not reached; with <see cref="ColbertRunOptions.Resume"/> it stays for a
    /// later run.
    /// </summary>
    public void Dispose()
    {
        try
        {
            Checkpoint();
        }
        catch (ColbertException)
        {
            // Something failed already, the disk maybe; what was kept before stays.
        }

        writer.Dispose();
    }

    /// <summary>How far it is.</summary>
    public override string ToString() => State.ToString();

    private static IReadOnlyDictionary<string, string> IdentityOf(ColbertModel model, ColbertRunOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        return model.GetIdentity(options.EncodedWith);
    }

    private static Dictionary<string, string> IdentityOf(
        string path, EmbeddingWriterOptions plain, IReadOnlyDictionary<string, string> model, ColbertRunOptions options)
    {
        Dictionary<string, string> identity = RunIdentity.Of(path, plain, InputIdentity.Of(options.Inputs, options.ReadAs), model);
        if (options.EncodedWith is not { } call) return identity;
        // Its text is known to the model alone.
        if (call is { PromptName: not null, Prompt: null })
            throw new ArgumentException(
                "A prompt is named by EncodedWith: leave that out, and take the identity from GetIdentity with the same options.",
                nameof(options));
        ColbertModel.Say(call, call.Prompt, identity);
        return identity;
    }

    private static EmbeddingWriterOptions Plain(string path, ColbertRunOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.File.Append) throw new ArgumentException("A run appends nothing.", nameof(options));
        if (options.Inputs.Count == 0) throw new ArgumentException("A run has an input.", nameof(options));
        OutputTarget.RefuseInputs(path, options.Inputs);
        OutputTarget.RefuseInputs(RunManifest.PathOf(path, options.Kind), options.Inputs);
        OutputTarget.RefuseInputs(RunManifest.ErrorsPathOf(path, options.Kind), options.Inputs);
        return ColbertEmbeddingWriter.Plain(path, options.File) with { Kind = options.Kind, IsRecorded = true };
    }
}
