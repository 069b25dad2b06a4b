namespace ColbertOnnx.Embeddings;

/// <summary>One file: written under a name of its own beside the target, which it becomes when it is complete.</summary>
internal sealed class FileWriter : IEmbeddingWriter
{
    private const int BufferSize = 128 * 1024;

    private readonly string target;
    private readonly string temporary;
    private readonly bool force;
    private FileStream? stream;
    private IEmbeddingWriter? writer;

    public FileWriter(string target, EmbeddingWriterOptions options, Func<Stream, IEmbeddingWriter> format)
    {
        this.target = target;
        force = options.Force;
        if (!force && File.Exists(target)) throw OutputGuard.Exists(target);
        temporary = StagingName.For(target);
        OutputGuard.Run(target, () =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, BufferSize);
        });
        writer = format(stream!);
    }

    public void Write(ColbertEmbedding embedding) => OutputGuard.Run(target, () => Writer.Write(embedding));

    public void Skip(TextKind kind) => Writer.Skip(kind);

    public void Complete()
    {
        OutputGuard.Run(target, () =>
        {
            Writer.Complete();
            Writer.Dispose();
            writer = null;
            stream!.Dispose();
        });
        if (!force && File.Exists(target)) throw OutputGuard.Exists(target);
        OutputGuard.Run(target, () => File.Move(temporary, target, force));
        stream = null;
    }

    public void Dispose()
    {
        if (stream is null) return;
        try
        {
            writer?.Dispose();
        }
        catch (IOException)
        {
            // What was buffered for a file that goes away.
        }

        try
        {
            stream.Dispose();
        }
        catch (IOException)
        {
        }

        stream = null;
        writer = null;
        StagingName.Delete(temporary);
    }

    private IEmbeddingWriter Writer => writer ?? throw new ObjectDisposedException(nameof(FileWriter));
}
