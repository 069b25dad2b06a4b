using ColbertOnnx.Embeddings;
using ColbertOnnx.Inputs;

namespace ColbertOnnx;

/// <summary>
/// Writes embeddings to a file or folder as they come. What was there stays until <see cref="Complete"/>; disposing without it leaves nothing behind.
/// </summary>
public sealed class ColbertEmbeddingWriter : IDisposable
{
    private readonly IEmbeddingWriter writer;
    private readonly StagedWriter? staged;
    private long count;

    /// <summary>Begins a file; to append, what is there goes in first, so that the old file stays whole until the new one is.</summary>
    /// <param name="path">A folder, or a file that ends in .npz, .safetensors, .parquet, .jsonl or .ndjson.</param>
    /// <param name="options">Default: float32, nothing replaced.</param>
    /// <exception cref="ColbertException">
    /// <see cref="ColbertErrorId.OutputExists"/>, <see cref="ColbertErrorId.OutputFailed"/>; <see cref="ColbertErrorId.InputInvalid"/>: a name that stands for
    /// no format, a layout that the format does not know, or embeddings that are there and cannot be read.
    /// </exception>
    public ColbertEmbeddingWriter(string path, ColbertEmbeddingFileOptions? options = null)
    {
        options ??= new ColbertEmbeddingFileOptions();
        bool isThere = options.Append && (File.Exists(path) || Directory.Exists(path));
        EncoderDescription? encoder = null;
        if (isThere && ParquetAddOn.IsParquet(path))
        {
            (EmbeddingType old, bool had, encoder) = ((IEmbeddingFormat)ParquetAddOn.Load(path)).Describe(path);
            options = options with { Type = options.Type ?? old, IncludeText = options.IncludeText || had };
        }

        writer = staged = EmbeddingWriter.Open(path, Plain(path, options) with { Force = options.Force || isThere });
        if (encoder is not null) staged.Describe(encoder);
        try
        {
            if (!isThere) return;
            // The old file is written anew: what is not read would be gone.
            var all = new EmbeddingReaderOptions { Notice = left => throw EmbeddingErrors.Invalid(path, $"nothing can be appended: {left}", "Write another file.") };
            foreach (StoredEmbedding old in EmbeddingReader.Read(path, all)) writer.Write(old.ToEmbedding());
            Kept = staged.Texts;
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>JSON Lines for a stream, which stays open and gets each line in one piece.</summary>
    /// <param name="output">The stream.</param>
    /// <param name="type">How numbers are written; of float32 and float16 the shortest that read back as the same.</param>
    public ColbertEmbeddingWriter(Stream output, EmbeddingType type = EmbeddingType.Float32)
    {
        ArgumentNullException.ThrowIfNull(output);
        writer = new JsonLinesWriter(output, type);
    }

    private ColbertEmbeddingWriter(StagedWriter writer) => this.writer = staged = writer;

    /// <summary>How many a file held before that these are put behind.</summary>
    public long Kept { get; }

    /// <summary>How many were added; those of an interrupted run that is gone on with are not counted.</summary>
    public long Count => count;

    /// <summary>How far the interrupted run was that this one goes on with; null: it began anew.</summary>
    public RunState? Resumed => staged?.Resumed?.Run;

    /// <summary>Before the work: whether such a file can be written there.</summary>
    /// <param name="path">A folder, or a file that ends in .npz, .safetensors, .parquet, .jsonl or .ndjson.</param>
    /// <param name="options">Default: float32, nothing replaced.</param>
    /// <exception cref="ColbertException">
    /// <see cref="ColbertErrorId.OutputExists"/>, <see cref="ColbertErrorId.OutputFailed"/>; <see cref="ColbertErrorId.InputInvalid"/>: a name that stands for
    /// no format, or a layout that the format does not know.
    /// </exception>
    public static void Check(string path, ColbertEmbeddingFileOptions? options = null) =>
        EmbeddingWriter.Open(path, Plain(path, options ?? new ColbertEmbeddingFileOptions())).Dispose();

    /// <summary>
    /// Begins a file whose writing may be interrupted: what is written stays beside it, up to the last <see cref="Checkpoint"/>, and the same call again goes on
    /// with it (<see cref="Resumed"/>). An <see cref="InputHistory"/> passes over the texts that are done.
    /// </summary>
    /// <param name="path">A folder, or a file that ends in .npz, .safetensors, .parquet, .jsonl or .ndjson.</param>
    /// <param name="model">The model that the embeddings come from: another one does not go on.</param>
    /// <param name="options">Default: float32, nothing replaced. Nothing can be appended to.</param>
    /// <exception cref="ColbertException">
    /// As the constructor; <see cref="ColbertErrorId.OutputExists"/>: the run that was interrupted there was another one, which the message says;
    /// <see cref="ColbertErrorId.OutputFailed"/>: another process is at it.
    /// </exception>
    public static ColbertEmbeddingWriter Resume(string path, ColbertModel model, ColbertEmbeddingFileOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new ColbertEmbeddingFileOptions();
        if (options.Append) throw new ArgumentException("A run that may be interrupted appends nothing.", nameof(options));
        EmbeddingWriterOptions plain = Plain(path, options);
        var identity = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["version"] = "1",
            ["format"] = Path.GetExtension(path).ToLowerInvariant(),
            ["type"] = EmbeddingTypes.NameOf(plain.Type),
            ["layout"] = options.Layout?.ToString() ?? "",
            ["kind"] = options.Kind?.ToString() ?? "",
            ["tokens"] = options.IncludeTokens == true ? "yes" : "no",
            ["texts"] = options.IncludeText ? "yes" : "no",
        };
        foreach ((string name, string value) in model.GetIdentity()) identity[name] = value;
        var writer = new ColbertEmbeddingWriter(EmbeddingWriter.Open(path, plain with { Resume = identity }));
        writer.Describe(model);
        return writer;
    }

    /// <summary>What computes the embeddings, for formats that say it (Parquet); before the first one.</summary>
    /// <param name="model">The model.</param>
    public void Describe(ColbertModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (staged is { KeepsDescription: true }) staged.Describe(model.Description());
    }

    /// <summary>Writes one embedding.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputFailed"/>; <see cref="ColbertErrorId.InferenceFailed"/>: a number that the format cannot hold.</exception>
    public void Write(ColbertEmbedding embedding)
    {
        writer.Write(embedding);
        count++;
    }

    /// <summary>A text that could not be encoded: where results are numbered, its number stays free, so that numbers are places in the input.</summary>
    /// <param name="kind">What it was to be encoded as.</param>
    public void Skip(TextKind kind) => writer.Skip(kind);

    /// <summary>A later run can go on from here. Only of a writer that <see cref="Resume"/> gave; others do nothing.</summary>
    /// <param name="run">How far the run is (<see cref="InputHistory.State"/>).</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputFailed"/>.</exception>
    public void Checkpoint(RunState run) => staged?.Checkpoint(run);

    /// <summary>All are written: the file gets its name.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputFailed"/>, <see cref="ColbertErrorId.OutputExists"/>.</exception>
    public void Complete() => writer.Complete();

    /// <summary>Drops what was written where <see cref="Complete"/> was not reached; what <see cref="Resume"/> gave stays for a later run.</summary>
    public void Dispose() => writer.Dispose();

    /// <summary>How many were written.</summary>
    public override string ToString() => FormattableString.Invariant($"{Count} embeddings");

    private static EmbeddingWriterOptions Plain(string path, ColbertEmbeddingFileOptions options) => new()
    {
        Force = options.Force,
        Kind = options.Kind,
        Type = options.Type ?? EmbeddingWriter.DefaultType(path),
        IncludeText = options.IncludeText,
        IncludeTokens = options.IncludeTokens,
        Layout = options.Layout,
    };
}
