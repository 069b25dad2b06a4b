namespace ColbertOnnx.Embeddings;

/// <summary>
/// A folder with an npy file for each text. The files gather in a hidden folder and move when all are there. In a folder that
/// exists already other files stay; with Force the results of an earlier run are replaced as a whole, the surplus of a longer one included.
/// </summary>
internal sealed class NpyFolderWriter : IEmbeddingWriter
{
    private readonly string target;
    private readonly string staging;
    private readonly bool force;
    private readonly bool existed;
    private readonly int[] numbers = new int[2];
    private bool isOver;

    public NpyFolderWriter(string target, EmbeddingWriterOptions options)
    {
        this.target = target;
        force = options.Force;
        if (File.Exists(target)) throw OutputGuard.Exists(target);
        existed = Directory.Exists(target);
        staging = existed ? StagingName.In(target, "embeddings") : StagingName.For(target);
        OutputGuard.Run(target, () =>
        {
            foreach (TextKind kind in Enum.GetValues<TextKind>())
                if ((options.Kind ?? kind) == kind) RefuseOldResults(kind);
            Directory.CreateDirectory(staging);
        });
    }

    public void Write(ColbertEmbedding embedding)
    {
        ObjectDisposedException.ThrowIf(isOver, this);
        string file = Path.Combine(staging, NpyFormat.NameOf(embedding.Kind, numbers[(int)embedding.Kind]++));
        OutputGuard.Run(target, () =>
        {
            using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
            NpyFormat.Write(stream, embedding.Values.Span, embedding.TokenCount, embedding.Dimension);
        });
    }

    public void Skip(TextKind kind) => numbers[(int)kind]++;

    public void Complete()
    {
        ObjectDisposedException.ThrowIf(isOver, this);
        OutputGuard.Run(target, () =>
        {
            if (!existed && !Directory.Exists(target))
            {
                Directory.Move(staging, target);
                return;
            }

            foreach (TextKind kind in Enum.GetValues<TextKind>())
                if (numbers[(int)kind] > 0) RefuseOldResults(kind);
            Replace();
        });
        isOver = true;
    }

    public void Dispose()
    {
        if (isOver) return;
        isOver = true;
        StagingName.Delete(staging);
    }

    private void Replace()
    {
        foreach (TextKind kind in Enum.GetValues<TextKind>())
        {
            if (numbers[(int)kind] == 0) continue;
            foreach (string old in OldResults(kind))
                if (!File.Exists(Path.Combine(staging, Path.GetFileName(old)))) File.Delete(old);
        }

        foreach (string file in Directory.EnumerateFiles(staging)) File.Move(file, Path.Combine(target, Path.GetFileName(file)), overwrite: true);
        Directory.Delete(staging);
    }

    private void RefuseOldResults(TextKind kind)
    {
        if (!force && Directory.Exists(target) && OldResults(kind).FirstOrDefault() is string old) throw OutputGuard.Exists(old);
    }

    private List<string> OldResults(TextKind kind) =>
        [.. Directory.EnumerateFiles(target, "*.npy").Where(file => NpyFormat.IsNameOf(kind, Path.GetFileName(file)))];
}
