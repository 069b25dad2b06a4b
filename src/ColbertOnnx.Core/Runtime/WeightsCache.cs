using System.Runtime.InteropServices;

namespace ColbertOnnx.Runtime;

/// <summary>
/// Graphs as ONNX Runtime made them for this machine: optimized, with their weights packed for its processor in a file that is mapped
/// into memory. Opening one copies and packs nothing, and all sessions and processes share its pages. Whatever goes wrong here, there
/// is only no cache: the model opens from its own files.
/// </summary>
/// <param name="folder">Holds an entry for each graph. It need not exist.</param>
internal sealed class WeightsCache(string folder)
{
    private const string Staging = ".new-";
    private const string Discarded = ".old-";
    private const string Attempt = ".try-";
    private static readonly TimeSpan Pause = TimeSpan.FromDays(30);

    /// <summary>Bytes of a graph and its data from which on it is kept.</summary>
    public long SmallestModel { get; init; } = 16L << 20;

    /// <summary>Bytes that entries may take; those that were used longest ago go first.</summary>
    public long Room { get; init; } = 10L << 30;

    /// <summary>The user's; null when COLBERT_CACHE is 'off', or when there is no home for it.</summary>
    public static WeightsCache? OfUser => Of(Environment.GetEnvironmentVariable(UserCache.Variable), UserCache.Folder);

    internal static WeightsCache? Of(string? variable, string folder) =>
        string.Equals(variable, UserCache.Off, StringComparison.OrdinalIgnoreCase) || !Path.IsPathFullyQualified(folder) ? null : new WeightsCache(Path.Combine(folder, "weights"));

    /// <summary>A session over packed weights, which are made first if there are none yet, and the file of its graph; null where that cannot be.</summary>
    public (OrtEncoderSession Session, string Graph)? Open(string file, in EncoderSessionOptions options)
    {
        try
        {
            if (WeightsKey.Of(file, SmallestModel) is not { } key) return null;
            var entry = new WeightsEntry(Path.Combine(folder, key.Name), key);
            WeightsState state = entry.Check();
            if (state == WeightsState.Broken) state = Build(file, entry);
            if (state != WeightsState.Whole) return null;
            entry.Touch();
            return (OpenEntry(file, entry, options), entry.Graph);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or ColbertException)
        {
            return null;
        }
    }

    private static OrtEncoderSession OpenEntry(string file, WeightsEntry entry, in EncoderSessionOptions options)
    {
        try
        {
            return OrtEncoderSession.Open(file, options with { PackedGraph = entry.Graph });
        }
        catch (ColbertException)
        {
            Discard(entry.Folder);
            throw;
        }
    }

    // A try that did not end is not repeated for a while: it may have been the end of its process, and would be the end of this one.
    private WeightsState Build(string file, WeightsEntry entry)
    {
        Directory.CreateDirectory(folder);
        string attempt = Path.Combine(folder, Attempt + entry.Key.Name);
        if (File.Exists(attempt) && DateTime.UtcNow - File.GetLastWriteTimeUtc(attempt) < Pause) return WeightsState.Broken;
        File.Delete(attempt);
        new FileStream(attempt, FileMode.CreateNew).Dispose(); // of two at once, one
        try
        {
            return Make(file, entry);
        }
        finally
        {
            File.Delete(attempt);
        }
    }

    private WeightsState Make(string file, WeightsEntry entry)
    {
        var made = new WeightsEntry(Directory.CreateDirectory(Path.Combine(folder, Staging + Guid.NewGuid().ToString("N"))).FullName, entry.Key);
        try
        {
            // The file holds the weights as they are and packed, and may be written twice.
            if (UserCache.FreeSpace(made.Folder) < 5 * entry.Key.Bytes) return WeightsState.Broken;
            WeightsState state = Pack(file, made) ? WeightsState.Whole : WeightsState.Unusable;
            made.Seal(state);
            Publish(made.Folder, entry);
            new WeightsFolder(folder).Trim(Room, keep: entry.Folder);
            return state;
        }
        finally
        {
            if (Directory.Exists(made.Folder)) Directory.Delete(made.Folder, recursive: true);
        }
    }

    // The packed graph must give the same bits as the one that it was made from. Whatever else it does is not tried again at each start.
    private static bool Pack(string file, WeightsEntry made)
    {
        try
        {
            float[] expected;
            using (OrtEncoderSession plain = OrtEncoderSession.Open(file, new EncoderSessionOptions { PackTo = made.Graph })) expected = Probe(plain);
            PackedData.Mend(made.Graph);
            using OrtEncoderSession packed = OrtEncoderSession.Open(file, new EncoderSessionOptions { PackedGraph = made.Graph });
            return MemoryMarshal.AsBytes<float>(Probe(packed)).SequenceEqual(MemoryMarshal.AsBytes<float>(expected));
        }
        catch (ColbertException e) when (e.Id is ColbertErrorId.ModelInvalid or ColbertErrorId.InferenceFailed)
        {
            return false;
        }
    }

    // Short rows together and a longer one: graphs may have branches by length.
    private static float[] Probe(OrtEncoderSession session)
    {
        List<float> rows = [];
        foreach ((int batch, int length) in ((int, int)[])[(2, 4), (1, 100)])
        {
            int tokens = batch * length;
            float[] output = new float[tokens * session.Dimension];
            session.Run(batch, length, [.. Enumerable.Range(0, tokens).Select(i => 1 + (i % 8))], [.. Enumerable.Repeat((byte)1, tokens)], output, CancellationToken.None);
            rows.AddRange(output);
        }

        return [.. rows];
    }

    // The folder appears whole or not at all. Of two processes that made one, the slower uses the other's.
    private static void Publish(string made, WeightsEntry entry)
    {
        if (Directory.Exists(entry.Folder))
        {
            if (entry.Check() != WeightsState.Broken) return;
            Discard(entry.Folder);
        }

        try
        {
            Directory.Move(made, entry.Folder);
        }
        catch (IOException) when (entry.Check() != WeightsState.Broken)
        {
            // It came in between.
        }
    }

    /// <summary>Away from its name first, so that nobody meets half of it.</summary>
    internal static void Discard(string entry)
    {
        string away = Path.Combine(Path.GetDirectoryName(entry)!, Discarded + Guid.NewGuid().ToString("N"));
        Directory.Move(entry, away);
        Directory.Delete(away, recursive: true);
    }
}
