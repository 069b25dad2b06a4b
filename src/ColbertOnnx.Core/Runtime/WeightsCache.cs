using System.Runtime.InteropServices;
using ColbertOnnx.IO;
using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Runtime;

/// <summary>
/// Graphs as ONNX Runtime made them for this machine: optimized, with their weights packed for its CPU in a file that is mapped
/// into memory. Opening one copies and packs nothing, and all sessions and processes share its pages. Whatever goes wrong here, there
/// is only no cache: the model opens from its own files.
/// </summary>
/// <param name="folder">Holds an entry for each graph. It need not exist. Null: there is no place for one.</param>
internal sealed class WeightsCache(string? folder)
{
    private readonly WeightsFolder entries = new(folder ?? "");

    /// <summary>Bytes of a graph and its data from which on it is kept.</summary>
    public long SmallestModel { get; init; } = 16L << 20;

    /// <summary>Bytes that entries may take; those that were used longest ago go first.</summary>
    public long Room { get; init; } = 10L << 30;

    /// <summary>Why what lies there is not used, a sentence for the user; null: it is, or there is nothing to be said.</summary>
    public string? Notice { get; private set; }

    /// <summary>The user's; null when COLBERT_CACHE is 'off'.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: COLBERT_CACHE is not a full path.</exception>
    public static WeightsCache? OfUser => Of(Environment.GetEnvironmentVariable(UserCache.Variable), UserCache.Folder);

    internal static WeightsCache? Of(string? variable, string? folder) =>
        UserCache.IsOff(variable) ? null : new WeightsCache(folder is null ? null : Path.Combine(folder, "weights"));

    /// <summary>
    /// A session over packed weights, which are made first if there are none yet, and the file of its graph; null where that cannot be.
    /// </summary>
    public (PackedSession Session, string Graph)? Open(string file, in EncoderSessionOptions options) =>
        Open(file, options, isSecond: false);

    private (PackedSession Session, string Graph)? Open(string file, EncoderSessionOptions options, bool isSecond)
    {
        try
        {
            if (WeightsKey.Of(file, SmallestModel) is not { } key) return null;
            return Open(file, key, options, isSecond);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or ColbertException)
        {
            // The model's own file says the same, if it is at fault.
            return null;
        }
    }

    private (PackedSession Session, string Graph)? Open(string file, WeightsKey key, EncoderSessionOptions options, bool isSecond)
    {
        try
        {
            Notice = folder is null ? $"There is no home folder, so that no packed weights are kept. {UserHome.Advice}" : entries.WhyNot();
            if (Notice is not null) return null;
            var entry = new WeightsEntry(entries.Entry(key.Name), key);
            WeightsState state = entry.Check();
            if (state == WeightsState.Broken && Build(file, entry)) state = entry.Check();
            if (state == WeightsState.Foreign)
                Notice =
                    $"'{entry.Folder}' was not made by this user, so that it is not used. {UserCache.Variable} names another folder; "
                        + $"'{UserCache.Off}' means none.";
            if (state != WeightsState.Whole) return null;
            entry.Touch();
            return (OpenEntry(file, entry, options, isSecond), entry.Graph);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException && Directory.Exists(folder))
        {
            // Another process removed it in between.
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Notice = entries.Failure(e);
            return null;
        }
    }

    // The bytes are compared while ONNX Runtime opens the graph and does its first <c>Run</c>. A mapped file gives no error of reading.
    private PackedSession OpenEntry(string file, WeightsEntry entry, EncoderSessionOptions options, bool isSecond)
    {
        Task<bool> check = Task.Run(entry.IsDataWhole);
        try
        {
            return new PackedSession(
                OrtEncoderSession.Open(file, options with { PackedGraph = entry.Graph }), check,
                () => Replace(file, entry, options, isSecond));
        }
        catch (ColbertException)
        {
            entries.Discard(entry.Folder);
            throw;
        }
    }

    // Made again once; where that is damaged as well, the model's own file it is.
    private IEncoderSession Replace(string file, WeightsEntry entry, EncoderSessionOptions options, bool isSecond)
    {
        try
        {
            entry.Unseal();
            entries.Discard(entry.Folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody else's to write, or in use where that keeps it from being moved: the next one finds it broken.
        }

        return isSecond || Open(file, options, isSecond: true) is not ({ } session, _) ? OrtEncoderSession.Open(file, options) : session;
    }

    // A try that did not end is not repeated for a while: it may have been the end of its process, and would be the end of this one.
    private bool Build(string file, WeightsEntry entry)
    {
        if ((Notice = WeightsFolder.WhyNotAgain(entry.Folder)) is not null) return false;
        entries.Make();

        // Of what came in between, as in a folder that all may write to.
        if ((Notice = entries.WhyNot()) is not null) return false;
        if (!entries.BeginAttempt(entry.Key.Name)) return false;
        try
        {
            Make(file, entry);
            return true;
        }
        finally
        {
            entries.EndAttempt(entry.Key.Name);
        }
    }

    private void Make(string file, WeightsEntry entry)
    {
        var made = new WeightsEntry(entries.Stage(), entry.Key);
        try
        {
            made.Begin();

            // The file holds the weights as they are and packed, and may be written twice.
            if (UserCache.FreeSpace(made.Folder) < 5 * entry.Key.Bytes) return;
            made.Seal(Pack(file, made) ? WeightsState.Whole : WeightsState.Unusable);
            Publish(made.Folder, entry);
            entries.Trim(Room, keep: entry.Folder);
        }
        finally
        {
            entries.Abandon(made.Folder);
        }
    }

    // The packed graph must give the same bits as the one that it was made from. Whatever else it does is not tried again at each start.
    private static bool Pack(string file, WeightsEntry made)
    {
        try
        {
            float[] expected;
            using (OrtEncoderSession plain = OrtEncoderSession.Open(file, new EncoderSessionOptions { PackTo = made.Graph }))
                expected = Probe(plain);
            PackedData.Mend(made.Graph);
            using OrtEncoderSession packed = OrtEncoderSession.Open(file, new EncoderSessionOptions { PackedGraph = made.Graph });
            return MemoryMarshal.AsBytes<float>(Probe(packed)).SequenceEqual(MemoryMarshal.AsBytes<float>(expected));
        }
        catch (ColbertException e) when (e.Id is ColbertErrorId.ModelInvalid or ColbertErrorId.InferenceFailed)
        {
            return false;
        }
    }

    // Short sequences together and a longer one: graphs may have branches by length.
    private static float[] Probe(OrtEncoderSession session)
    {
        List<float> values = [];
        foreach ((int batch, int length) in ((int, int)[])[(2, 4), (1, 100)])
        {
            int tokens = batch * length;
            float[] output = new float[tokens * session.Dimension];
            session.Run(
                batch, length, [.. Enumerable.Range(0, tokens).Select(i => 1 + (i % 8))], [.. Enumerable.Repeat((byte)1, tokens)], output,
                CancellationToken.None);
            values.AddRange(output);
        }

        return [.. values];
    }

    // The folder appears whole or not at all. Of two processes that made one, the slower uses the other's.
    private void Publish(string made, WeightsEntry entry)
    {
        if (Directory.Exists(entry.Folder) && (entry.Check() != WeightsState.Broken || !entries.Discard(entry.Folder))) return;
        try
        {
            Directory.Move(made, entry.Folder);
        }
        catch (IOException) when (entry.Check() != WeightsState.Broken)
        {
            // It came in between.
        }
    }
}
