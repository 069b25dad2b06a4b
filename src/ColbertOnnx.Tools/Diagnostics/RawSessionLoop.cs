using System.Diagnostics;
using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Diagnostics;

/// <summary>The least that any encoder over this engine must do: a loop over calls that are ready, a thread for each lane.</summary>
internal static class RawSessionLoop
{
    /// <summary>Runs all calls; gives the time from the start of the first to the end of the last.</summary>
    public static TimeSpan Run(IEncoderSession engine, int lanes, IReadOnlyList<PreparedBatch> batches, CancellationToken cancellation)
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
            float[] output =
                GC.AllocateUninitializedArray<float>(batches.Count == 0 ? 0 : batches.Max(batch => batch.Ids.Length) * engine.Dimension);
            start.Wait(CancellationToken.None);
            try
            {
                for (int i =
                    Interlocked.Increment(ref next) - 1; i < batches.Count && failure is null; i = Interlocked.Increment(ref next) - 1)
                    Call(engine, batches[i], output, cancellation);
            }
            catch (Exception e)
            {
                failure ??= e;
            }
        }
    }

    /// <summary>One call; gives the rows of its texts, padding included.</summary>
    public static ReadOnlySpan<float> Call(IEncoderSession engine, in PreparedBatch batch, float[] output, CancellationToken cancellation)
    {
        Span<float> used = output.AsSpan(0, batch.Ids.Length * engine.Dimension);
        engine.Run(batch.Rows, batch.Length, batch.Ids, batch.Mask, used, cancellation);
        return used;
    }

    private static ColbertException AsColbert(Exception error) =>
        error as ColbertException
            ?? new ColbertException(
                ColbertErrorId.InferenceFailed, error.Message, null, "Check that the texts fit the model's positions.", error);
}
