using System.Diagnostics;
using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Diagnostics;

/// <summary>The least that any encoder over this session must do: a loop over batches that are ready, a thread for each lane.</summary>
internal static class RawSessionLoop
{
    /// <summary>Runs all batches; gives the time from the start of the first to the end of the last.</summary>
    public static TimeSpan Run(IEncoderSession session, int lanes, IReadOnlyList<PreparedBatch> batches, CancellationToken cancellation)
    {
        int next = 0;
        Exception? failure = null;
        using var start = new ManualResetEventSlim();
        Thread[] threads =
        [
            .. Enumerable.Range(1, lanes)
                .Select(number => new Thread(Loop) { IsBackground = true, Name = $"ColBERT raw session loop {number}" }),
        ];
        foreach (Thread thread in threads) thread.Start();
        long began = Stopwatch.GetTimestamp();
        start.Set();
        foreach (Thread thread in threads) thread.Join();
        TimeSpan elapsed = Stopwatch.GetElapsedTime(began);
        cancellation.ThrowIfCancellationRequested();
        return failure is null ? elapsed : throw AsColbert(failure);

        void Loop()
        {
            try
            {
                float[] output = GC.AllocateUninitializedArray<float>(
                    batches.Count == 0 ? 0 : batches.Max(batch => batch.Ids.Length) * session.Dimension);
                start.Wait(CancellationToken.None);
                for (int i =
                    Interlocked.Increment(ref next) - 1; i < batches.Count && failure is null; i = Interlocked.Increment(ref next) - 1)
                    RunBatch(session, batches[i], output, cancellation);
            }
            catch (Exception e)
            {
                failure ??= e;
            }
        }
    }

    /// <summary>One batch; gives the token vectors of its texts, padding included.</summary>
    public static ReadOnlySpan<float> RunBatch(
        IEncoderSession session, in PreparedBatch batch, float[] output, CancellationToken cancellation)
    {
        Span<float> used = output.AsSpan(0, batch.Ids.Length * session.Dimension);
        session.Run(batch.Size, batch.Length, batch.Ids, batch.Mask, used, cancellation);
        return used;
    }

    private static Exception AsColbert(Exception error) => error is ColbertException or OutOfMemoryException
        ? error
        : new ColbertException(
            ColbertErrorId.InferenceFailed, error.Message, null, "Check that the texts fit the model's positions.", error);
}
