using System.Text;
using ColbertOnnx.IO;

namespace ColbertOnnx.Embeddings;

/// <summary>
/// Puts new results into a folder in the place of earlier ones. Those are moved aside, and come back when something fails. A mark stands in
/// the folder from the first move to the last, with the names of all arrays, old and new: where a process is killed in between, readers get
/// an error, and a later run knows what is ours. The texts leave first and arrive last, so that no half of a result looks whole to other
/// programs either.
/// </summary>
/// <param name="folder">Where the results go.</param>
/// <param name="arrived">Folder with the new files.</param>
/// <param name="aside">Folder for the earlier ones, in the same file system.</param>
/// <param name="kinds">What is replaced.</param>
internal sealed class FolderExchange(string folder, string arrived, string aside, IReadOnlyList<TextKind> kinds)
{
    private readonly FileExchange files = new(folder, arrived, aside);
    private readonly List<string> marks = [];

    public static string MarkOf(TextKind kind) => $".{NpyFormat.PrefixOf(kind)}exchange.jsonl";

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: a writer was killed while it put its results
    /// there.</exception>
    public static void RefuseHalf(string folder)
    {
        foreach (TextKind kind in Enum.GetValues<TextKind>())
        {
            if (Path.Exists(Path.Combine(folder, MarkOf(kind))))
                throw EmbeddingErrors.Invalid(
                    folder, "the writing of its results was interrupted, or is going on.",
                    "Write the results again with -Force (--force).");
        }
    }

    public void Run()
    {
        try
        {
            Begin();
            string[] texts = [.. kinds.Select(TextSource.FileOf)];
            foreach (string name in Directory.EnumerateFiles(arrived).Select(file => Path.GetFileName(file))
                .Where(name => !texts.Contains(name)).ToArray())
                files.Place(name);
            foreach (string name in kinds.SelectMany(kind =>
                EarlierResults.In(folder, kind).Select(file => Path.GetFileName(file)).Where(name => name != MarkOf(kind)))
                .Except(files.Placed).ToArray())
                files.PutAside(name);
            foreach (string name in texts.Where(name => File.Exists(Path.Combine(arrived, name)))) files.Place(name);
        }
        catch (Exception error)
        {
            if (!Undo()) throw files.NotBack(error);
            throw;
        }

        foreach (TextKind kind in kinds) File.Delete(Path.Combine(folder, MarkOf(kind)));
        files.Complete();
    }

    /// <summary>From here on what lies in the folder is not a result.</summary>
    internal void Begin()
    {
        Directory.CreateDirectory(aside);
        foreach (TextKind kind in kinds)
        {
            string mark = Path.Combine(folder, MarkOf(kind));
            WriteMark(kind, Path.Combine(aside, MarkOf(kind)));
            bool isFirst = !File.Exists(mark);
            File.Move(Path.Combine(aside, MarkOf(kind)), mark, overwrite: true);
            if (isFirst) marks.Add(mark);
        }

        foreach (TextKind kind in kinds) files.PutAside(TextSource.FileOf(kind));
    }

    private void WriteMark(TextKind kind, string path)
    {
        IEnumerable<string> files = new[] { folder, arrived }.SelectMany(Directory.EnumerateFiles).Select(file => Path.GetFileName(file))
            .Where(file => NpyFormat.NumberOf(kind, file) >= 0);
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write);
        foreach (string name in files.Select(EarlierResults.ArrayOf).Distinct(StringComparer.Ordinal))
            stream.Write(Encoding.ASCII.GetBytes($"{{\"name\":\"{name}\"}}\n"));
        stream.Flush(flushToDisk: true);
    }

    // The mark stays where not everything came back.
    private bool Undo()
    {
        foreach (TextKind kind in kinds) StagingName.Delete(Path.Combine(aside, MarkOf(kind)));
        string[] texts = [.. kinds.Select(TextSource.FileOf)];
        if (!files.Undo(texts.Contains)) return false;
        foreach (string mark in marks) StagingName.Delete(mark);
        return true;
    }
}
