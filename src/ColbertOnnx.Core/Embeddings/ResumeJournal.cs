using System.Buffers;
using System.Text.Json;
using ColbertOnnx.IO;

namespace ColbertOnnx.Embeddings;

/// <summary>
/// What an interrupted run was and how far it came: a line that says what it was, then a line for each place from which a later run
/// can go on. It is one process's alone while it is open.
/// </summary>
internal sealed class ResumeJournal : IDisposable
{
    private const string FileName = "journal.jsonl";
    private const int LongestHead = 1024 * 1024;

    private readonly FileStream held;
    private readonly FileStream stream;
    private readonly List<(JournalEntry Entry, long End)> entries = [];
    private long headEnd;

    private ResumeJournal(FileStream held, FileStream stream)
    {
        this.held = held;
        this.stream = stream;
    }

    /// <param name="folder">Where the run gathers.</param>
    /// <param name="target">What it becomes.</param>
    /// <param name="what">What the run is.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputExists"/>: what lies there is of another run.
    /// <see cref="ColbertErrorId.OutputHeld"/>: another process is at it.</exception>
    public static ResumeJournal Open(string folder, string target, IReadOnlyDictionary<string, string> what)
    {
        FileStream held = OutputLock.Take(folder, target);
        FileStream? stream = null;
        try
        {
            string path = Path.Combine(folder, FileName);
            if (Path.Exists(path)) RegularFile.Require(path);
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            var journal = new ResumeJournal(held, stream);
            journal.Read(folder, what);
            return journal;
        }
        catch
        {
            stream?.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Takes away what a run has left that was ended behind its last act, or was interrupted before another run wrote the output; not what
    /// another process is at, or another user has.
    /// </summary>
    /// <param name="folder">Where it gathered.</param>
    /// <param name="isWanted">Whether an interrupted run would have become something else, by what it was.</param>
    public static void RemoveLeft(string folder, Func<IReadOnlyDictionary<string, string>, bool> isWanted)
    {
        try
        {
            if (!Directory.Exists(folder) || !Ownership.IsUsers(folder) || OthersIn(folder) is not null) return;
            using (FileStream? held = OutputLock.Try(folder))
            {
                string path = Path.Combine(folder, FileName);
                if (held is null || (File.Exists(path) && HeadOf(path) is { } run && isWanted(run))) return;
            }

            StagingName.Delete(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It is not ours to look into, or goes away in this moment.
        }
    }

    /// <summary>What an interrupted run was; null: there is none that this user can read.</summary>
    /// <param name="folder">Where it gathered.</param>
    public static IReadOnlyDictionary<string, string>? RunIn(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            return File.Exists(path) && Ownership.IsUsers(folder) ? HeadOf(path) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Name of something in the folder that no run of ours has put there, so that it is somebody's; null: there is none.</summary>
    public static string? OthersIn(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)).FirstOrDefault(
            name => name is not (FileName or StagedWriter.PartsFolder) && !OutputLock.Files.Contains(name) && !ManifestPlace.IsOne(name))
        : null;

    /// <summary>The last place whose parts are there; what was noted behind it is taken away.</summary>
    public JournalEntry? Last(Func<JournalEntry, bool> isThere)
    {
        int last = entries.FindLastIndex(noted => isThere(noted.Entry));
        stream.SetLength(last < 0 ? headEnd : entries[last].End);
        stream.Seek(0, SeekOrigin.End);
        return last < 0 ? null : entries[last].Entry;
    }

    /// <summary>The output has its name, and nothing is left to go on with: what stays of the folder after this is rubbish.</summary>
    public void End() => File.Delete(stream.Name);

    public void Write(JournalEntry entry)
    {
        stream.Write(entry.ToLine());
        stream.Flush(flushToDisk: true);
    }

    public void Dispose()
    {
        stream.Dispose();
        held.Dispose();
    }

    private void Read(string folder, IReadOnlyDictionary<string, string> what)
    {
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        byte[] head = Head(what);
        int end = content.AsSpan().IndexOf((byte)'\n') + 1;
        if (end == 0)
        {
            // Nothing yet, or a process that was ended while it wrote its first line.
            stream.SetLength(0);
            stream.Write(head);
            stream.Flush(flushToDisk: true);
            headEnd = head.Length;
            return;
        }

        if (!content.AsSpan(0, end).SequenceEqual(head)) throw Another(folder, content.AsMemory(0, end), what);
        headEnd = end;
        for (int next; (next = content.AsSpan(end).IndexOf((byte)'\n')) >= 0; end += next + 1)
        {
            if (JournalEntry.Parse(content.AsMemory(end, next)) is not { } entry) return;
            entries.Add((entry, end + next + 1));
        }
    }

    private static byte[] Head(IReadOnlyDictionary<string, string> what)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            foreach (var (name, value) in what) json.WriteString(name, value);
            json.WriteEndObject();
        }

        return [.. line.WrittenSpan, (byte)'\n'];
    }

    private static Dictionary<string, string>? HeadOf(string journal)
    {
        RegularFile.Require(journal);
        // Its run may be at it.
        using var stream = new FileStream(journal, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] start = new byte[Math.Min(stream.Length, LongestHead)];
        stream.ReadExactly(start);
        int end = start.AsSpan().IndexOf((byte)'\n');
        return end < 0 ? null : HeadOf(start.AsMemory(0, end));
    }

    private static Dictionary<string, string>? HeadOf(ReadOnlyMemory<byte> line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return document.RootElement.EnumerateObject()
                .ToDictionary(field => field.Name, field => field.Value.GetString() ?? "", StringComparer.Ordinal);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private static ColbertException Another(string folder, ReadOnlyMemory<byte> head, IReadOnlyDictionary<string, string> what)
    {
        string differs = HeadOf(head) is { } before
            ? RunIdentity.Difference(before, what) ?? "something else"
            : "its journal cannot be read";
        return new ColbertException(
            ColbertErrorId.OutputExists,
            $"'{folder}' holds an interrupted run that this one cannot go on with: {differs}.",
            folder,
            "Start it with what it was started with, or delete that folder.");
    }
}
