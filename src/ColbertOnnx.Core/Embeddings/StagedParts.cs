using ColbertOnnx.IO;
namespace ColbertOnnx.Embeddings;

/// <summary>
/// The files of an output in the making, in a hidden folder beside the target, which a move within one file system turns into it. They go
/// away with the writer, unless a later run may go on with them.
/// </summary>
internal sealed class StagedParts : IDisposable
{
    private const int BufferSize = 128 * 1024;
    private readonly Dictionary<string, Stream> streams = new(StringComparer.Ordinal);
    private readonly Func<Stream, Stream> through;
    private bool isOver;

    /// <param name="folder">Where the parts lie; made when it is not there.</param>
    /// <param name="isKept">They stay when the writer does not complete.</param>
    /// <param name="through">What is written passes this first; null: nothing.</param>
    public StagedParts(string folder, bool isKept, Func<Stream, Stream>? through = null)
    {
        Folder = folder;
        IsKept = isKept;
        this.through = through ?? (stream => stream);
        Directory.CreateDirectory(folder);
    }

    public string Folder { get; }

    public bool IsKept { get; }

    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>A part, open to be written at its end and to be read.</summary>
    public Stream Part(string name)
    {
        if (streams.TryGetValue(name, out Stream? stream)) return stream;
        if (Path.Exists(PathOf(name))) RegularFile.Require(PathOf(name));
        var file = new FileStream(PathOf(name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, BufferSize);
        file.Seek(0, SeekOrigin.End);
        return streams[name] = through(file);
    }

    /// <summary>Everything written so far is on the disk then; the length of each part.</summary>
    public Dictionary<string, long> Flush()
    {
        Dictionary<string, long> lengths = new(StringComparer.Ordinal);
        foreach (var (name, stream) in streams)
        {
            if (stream is FileStream file) file.Flush(flushToDisk: true);
            lengths[name] = stream.Length;
        }

        return lengths;
    }

    /// <summary>True when each part is at least so long.</summary>
    public bool Hold(IReadOnlyDictionary<string, long> lengths) =>
        lengths.All(part => new FileInfo(PathOf(part.Key)) is { Exists: true } file && file.Length >= part.Value);

    /// <summary>
    /// Cuts the parts to these lengths, and takes away those that are not named; never what was put aside of an earlier result.
    /// </summary>
    public void Restore(IReadOnlyDictionary<string, long> lengths, params ReadOnlySpan<string> others)
    {
        foreach (string path in Directory.EnumerateFileSystemEntries(Folder))
        {
            string name = Path.GetFileName(path);
            if (name != StagingFolder.Aside && !lengths.ContainsKey(name) && !others.Contains(name)) StagingName.Delete(path);
        }

        foreach (var (name, length) in lengths)
        {
            Stream stream = Part(name);
            stream.SetLength(length);
            stream.Seek(length, SeekOrigin.Begin);
        }
    }

    /// <summary>Closes the parts; nothing more is written.</summary>
    public void Close()
    {
        foreach (Stream stream in streams.Values) stream.Dispose();
        streams.Clear();
    }

    /// <summary>What they were for is in its place.</summary>
    public void Complete()
    {
        Close();
        isOver = true;
        StagingName.Delete(Folder);
    }

    public void Dispose()
    {
        foreach (Stream stream in streams.Values)
        {
            try
            {
                stream.Dispose();
            }
            catch (IOException)
            {
                // What was buffered for a file that goes away.
            }
        }

        streams.Clear();
        if (isOver || IsKept) return;
        isOver = true;
        StagingName.Delete(Folder);
    }
}
