using ColbertOnnx.Embeddings;
using ColbertOnnx.Inputs;

namespace ColbertOnnx;

/// <summary>
/// Writes embeddings to a file or folder as they come. What was there stays until <see cref="Complete"/>; disposing without it leaves
/// nothing behind. Of a run that may be interrupted, and that leaves a manifest, <see cref="ColbertRun"/> keeps the output.
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
    /// <see cref="ColbertErrorId.OutputExists"/>, <see cref="ColbertErrorId.OutputFailed"/>; <see cref="ColbertErrorId.InputInvalid"/>: a
    /// name that stands for no format, a layout that the format does not know, or embeddings that are there and cannot be read.
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
            var all = new EmbeddingReaderOptions
            {
                Notice = left => throw EmbeddingErrors.Invalid(path, $"nothing can be appended: {left}", "Write another file."),
            };
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
    /// <param name="type">How values are written; of float32 and float16 the shortest that read back as the same.</param>
    public ColbertEmbeddingWriter(Stream output, EmbeddingType type = EmbeddingType.Float32)
    {
        ArgumentNullException.ThrowIfNull(output);
        writer = new JsonLinesWriter(output, type);
    }

    /// <summary>How many a file held before that these are put behind.</summary>
    public long Kept { get; }

    /// <summary>How many were added.</summary>
    public long Count => count;

    /// <summary>Before the work: whether such a file can be written there.</summary>
    /// <param name="path">A folder, or a file that ends in .npz, .safetensors, .parquet, .jsonl or .ndjson.</param>
    /// <param name="options">Default: float32, nothing replaced.</param>
    /// <exception cref="ColbertException">
    /// <see cref="ColbertErrorId.OutputExists"/>, <see cref="ColbertErrorId.OutputFailed"/>; <see cref="ColbertErrorId.InputInvalid"/>: a
    /// name that stands for no format, or a layout that the format does not know.
    /// </exception>
    public static void Check(string path, ColbertEmbeddingFileOptions? options = null) =>
        EmbeddingWriter.Open(path, Plain(path, options ?? new ColbertEmbeddingFileOptions())).Dispose();

    /// <summary>What computes the embeddings, for formats that say it (Parquet); before the first one.</summary>
    /// <param name="model">The model.</param>
    public void Describe(ColbertModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (staged is { KeepsDescription: true }) staged.Describe(model.Description());
    }

    /// <summary>Writes one embedding.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputFailed"/>; <see cref="ColbertErrorId.InferenceFailed"/>: a value
    /// that the format cannot hold.</exception>
    public void Write(ColbertEmbedding embedding)
    {
        writer.Write(embedding);
        count++;
    }

    /// <summary>All are written: the file gets its name.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputFailed"/>, <see cref="ColbertErrorId.OutputExists"/>.</exception>
    public void Complete() => writer.Complete();

    /// <summary>Drops what was written where <see cref="Complete"/> was not reached.</summary>
    public void Dispose() => writer.Dispose();

    /// <summary>How many were written.</summary>
    public override string ToString() => ShownText.Count(Count, "embedding");

    internal static EmbeddingWriterOptions Plain(string path, ColbertEmbeddingFileOptions options) => new()
    {
        Force = options.Force,
        Kind = options.Kind,
        Type = options.Type ?? EmbeddingWriter.DefaultType(path),
        IncludeText = options.IncludeText,
        IncludeTokens = options.IncludeTokens,
        Layout = options.Layout,
    };
}
