using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Tests.Pipeline;

/// <summary>A session whose answer to a token depends on the token and its place alone, and that can be slow, stuck or broken.</summary>
internal sealed class FakeSession : IEncoderSession
{
    public const char Broken = '\u0001';
    public const char Stuck = '\u0002';

    private readonly Lock gate = new();
    private readonly Random random = new(5);
    private int running;
    private int runs;

    public int Dimension { get; init; } = 4;

    public bool HasPerTensorScales => false;

    public int MostMicroseconds { get; init; }

    /// <summary>How long a run takes at least.</summary>
    public int LeastMilliseconds { get; init; }

    /// <summary>Each run gives other vectors than the one before.</summary>
    public bool Drifts { get; init; }

    /// <summary>Batches of more than this are too much for its memory.</summary>
    public int MostTokens { get; init; } = int.MaxValue;

    /// <summary>Sequences of nothing but one attended padding token pad batches.</summary>
    public bool HasEmptySequences { get; init; }

    public Action? Closed { get; init; }

    /// <summary>Set when a run that never ends by itself has begun.</summary>
    public ManualResetEventSlim IsStuck { get; } = new();

    public int MostAtOnce { get; private set; }

    public List<(int Batch, int Length)> Batches { get; } = [];

    /// <summary>Runs that threw. The pipeline hides them by running each text again.</summary>
    public int Failures { get; private set; }

    /// <summary>What runs a single text that has the CPUs to itself; null: this session.</summary>
    public FakeSession? SingleText { get; init; }

    public bool IsDisposed { get; private set; }

    public int DisposedWhileRunning { get; private set; }

    public static float[] UnitRow(int id, int place)
    {
        float[] row = [.. Enumerable.Range(0, 4).Select(column => ValueOf(id, place, column))];
        TokenVectors.Normalize(row);
        return row;
    }

    public void Run(
        int batch, int length, ReadOnlySpan<int> ids, ReadOnlySpan<byte> attentionMask, Span<float> output, CancellationToken cancellation)
    {
        int wait, drift;
        lock (gate)
        {
            if (IsDisposed) throw new ObjectDisposedException(nameof(FakeSession));
            MostAtOnce = Math.Max(MostAtOnce, ++running);
            if (Batches.Count < 10_000) Batches.Add((batch, length));
            wait = MostMicroseconds == 0 ? 0 : random.Next(MostMicroseconds);
            drift = Drifts ? 500 * runs++ : 0;
        }

        try
        {
            if (wait > 500) Thread.Sleep(wait / 1000);
            if (LeastMilliseconds > 0) Thread.Sleep(LeastMilliseconds);
            if (ids.Contains(Stuck))
            {
                IsStuck.Set();
                if (!cancellation.WaitHandle.WaitOne(ChildProcess.Patience)) throw new TimeoutException("Nobody cancelled the run.");
                Thread.Sleep(20);
            }

            cancellation.ThrowIfCancellationRequested();
            if (ids.Length > MostTokens) throw new ColbertException(ColbertErrorId.InsufficientMemory, "The device has no memory left.");
            if (ids.Contains(Broken)) throw new InvalidOperationException("The graph refused.");
            for (int i = 0; HasEmptySequences && i < batch; i++)
            {
                if (!attentionMask.Slice(i * length, length).Contains((byte)1))
                    throw new InvalidOperationException("A sequence attends to nothing.");
            }

            for (int i = 0; i < ids.Length; i++)
            {
                if ((ids[i] == 0) != (attentionMask[i] == 0) && !(HasEmptySequences && i % length == 0))
                    throw new InvalidOperationException("Padding and the mask do not agree.");
                for (int k = 0; k < Dimension; k++)
                    output[(i * Dimension) + k] = attentionMask[i] == 0 ? float.NaN : ValueOf(ids[i], i % length, k) + (k * drift);
            }
        }
        catch (InvalidOperationException)
        {
            lock (gate) Failures++;
            throw;
        }
        finally
        {
            lock (gate) running--;
        }
    }

    public IEncoderSession ForSingleText() => SingleText ?? this;

    private static float ValueOf(int id, int place, int column) => id + (place / 1024f) + (column * 1000);

    public void Dispose()
    {
        lock (gate)
        {
            IsDisposed = true;
            DisposedWhileRunning = running;
        }

        Closed?.Invoke();
    }
}
