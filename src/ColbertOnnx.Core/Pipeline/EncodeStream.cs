namespace ColbertOnnx.Pipeline;

/// <summary>
/// One stream of texts through a model, fed and drained by one caller (a cmdlet's ProcessRecord, the command's loop).
/// Bounded: <see cref="TryAdd"/> waits while the window is full of results that were not taken. After <see cref="Cancel"/> every
/// member that adds or takes throws <see cref="OperationCanceledException"/>; after the model was closed, a <see cref="ColbertException"/>.
/// </summary>
internal sealed partial class EncodeStream : IDisposable
{
    private readonly LanePool pool;
    private readonly TextWindow window;
    private readonly WorkScheduler work;
    private readonly CancellationTokenSource source = new();
    private readonly CancellationTokenRegistration registration;

    private bool isDisposed;
    private Func<Exception>? stopped;
    private TaskCompletionSource? change;

    /// <param name="pool">The model's lanes.</param>
    /// <param name="options">How its texts are encoded.</param>
    /// <param name="cancellation">Cancels it.</param>
    internal EncodeStream(LanePool pool, EncodeOptions options, CancellationToken cancellation = default)
    {
        this.pool = pool;
        Options = options;
        WindowLimits limits = WindowLimits.For(pool.Settings.Lanes, pool.Settings.BatchSize, pool.Settings.Batches.TokensPerBatch);
        window = new TextWindow(limits, pool.Limits(options.Kind).Most);
        work = new WorkScheduler(window, limits, pool.Settings.PatienceMilliseconds);
        Cancellation = source.Token;
        pool.Register(this);
        registration = cancellation.UnsafeRegister(static stream => ((EncodeStream)stream!).Cancel(), this);
    }

    public EncodeOptions Options { get; }

    /// <summary>Ends the batches of this stream.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>True when the next result can be taken without waiting.</summary>
    public bool IsReady
    {
        get
        {
            lock (pool.Gate) return window.IsHeadDone;
        }
    }

    /// <summary>True when everything that was added was taken.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (pool.Gate) return window.IsEmpty;
        }
    }

    /// <summary>
    /// Puts a text in. Returns false, without taking it, when the window is full and a finished result must be taken
    /// first (so that a single thread can feed and drain without deadlock); waits while the window is full and nothing is finished yet.
    /// </summary>
    public bool TryAdd(in ColbertText request)
    {
        ArgumentNullException.ThrowIfNull(request.Text, nameof(request));
        lock (pool.Gate)
        {
            while (true)
            {
                ThrowIfStopped();
                if (window.IsComplete) throw new InvalidOperationException("The stream is complete.");
                if (window.HasRoomFor(request.Text)) break;
                if (window.IsHeadDone) return false;
                WaitForLanes();
            }

            window.Add(request);
            work.Added();
            pool.WakeOne();
            if (window.WaitingCallers > 0) Monitor.PulseAll(pool.Gate);
            return true;
        }
    }

    /// <summary>No more texts will come.</summary>
    public void Complete()
    {
        lock (pool.Gate)
        {
            window.IsComplete = true;
            pool.WakeOne();
            Changed();
        }
    }

    /// <summary>Takes the next result in order if it is finished; does not wait.</summary>
    public bool TryTake(out ColbertEncodeResult result)
    {
        lock (pool.Gate)
        {
            ThrowIfStopped();
            if (window.IsHeadDone)
            {
                result = window.Take();
                return true;
            }

            result = default;
            return false;
        }
    }

    /// <summary>Takes the next result in order, waiting for it; false when everything was taken (after <see cref="Complete"/>).</summary>
    public bool Take(out ColbertEncodeResult result)
    {
        lock (pool.Gate)
        {
            while (true)
            {
                ThrowIfStopped();
                if (window.IsHeadDone)
                {
                    result = window.Take();
                    return true;
                }

                if (window.IsEmpty && window.IsComplete)
                {
                    result = default;
                    return false;
                }

                WaitForLanes();
            }
        }
    }

    /// <summary>Puts a text in, and hands over what is ready.</summary>
    public void Push(in ColbertText text, Action<ColbertEncodeResult> accept)
    {
        ColbertEncodeResult result;
        while (!TryAdd(text))
            if (Take(out result)) accept(result);
        while (TryTake(out result)) accept(result);
    }

    /// <summary>Ends the input, and hands over the rest.</summary>
    public void Finish(Action<ColbertEncodeResult> accept)
    {
        Complete();
        while (Take(out ColbertEncodeResult result)) accept(result);
    }

    /// <summary>Done when the next result can be taken, or nothing is under way, or the stream was stopped.</summary>
    public Task WhenReady()
    {
        lock (pool.Gate)
        {
            if (stopped is not null || window.IsHeadDone || window.IsEmpty) return Task.CompletedTask;
            change ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return change.Task;
        }
    }

    /// <summary>True when <see cref="TryAdd"/> would take this text without waiting.</summary>
    public bool HasRoom(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        lock (pool.Gate) return stopped is not null || window.HasRoomFor(text);
    }

    /// <summary>Ends running batches and drops what is queued; callable from another thread (StopProcessing, Ctrl+C).</summary>
    public void Cancel() => Stop(() => new OperationCanceledException("Encoding was cancelled."));

    /// <summary>Ends what still runs, waits for it, and gives everything back.</summary>
    public void Dispose()
    {
        registration.Dispose(); // waits for a callback that is under way, which takes the gate
        lock (pool.Gate)
        {
            if (isDisposed) return;
            isDisposed = true;
        }

        Cancel();
        lock (pool.Gate)
        {
            while (activeJobs > 0) Monitor.Wait(pool.Gate);
        }

        pool.Unregister(this);
        window.Clear();
    }

    private void WaitForLanes()
    {
        // The caller cannot add while it waits: lanes must not wait for a full chunk either.
        window.WaitingCallers++;
        pool.WakeOne();
        Monitor.Wait(pool.Gate);
        window.WaitingCallers--;
    }

    private void ThrowIfStopped()
    {
        if (stopped is not null) throw stopped();
    }
}
