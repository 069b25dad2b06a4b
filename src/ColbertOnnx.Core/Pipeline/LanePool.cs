namespace ColbertOnnx.Pipeline;

/// <summary>
/// The threads of a model and the streams that they serve. One lock for all: a piece of work takes from a fifth of a
/// millisecond to seconds, taking it a microsecond.
/// </summary>
internal sealed class LanePool : IDisposable
{
    private readonly List<EncodeStream> streams = [];
    private readonly List<Lane> idle = [];
    private readonly Func<IInputBuilder> inputs;
    private readonly IInputBuilder probe;
    private Lane[] lanes = [];
    private int next;
    private long claims;

    public LanePool(IEncoderSession session, Func<IInputBuilder> inputs, LaneSettings settings)
    {
        Session = session;
        this.inputs = inputs;
        probe = inputs();
        Settings = session.HasPerTensorScales ? settings with { BatchSize = 1, Batches = BatchPolicy.Cpu } : settings;
    }

    /// <summary>Guards this pool and all its streams.</summary>
    public object Gate { get; } = new();

    public IEncoderSession Session { get; }

    public LaneSettings Settings { get; }

    public bool IsClosed { get; private set; }

    /// <summary>Starts a lane's thread; a test gives one that cannot.</summary>
    public Action<Lane> Starter { get; init; } = lane => lane.Start();

    /// <summary>How often a lane looked for work: stands still while nothing is to do.</summary>
    public long Claims => Interlocked.Read(ref claims);

    /// <summary>Texts that lanes have to see to. Gate held.</summary>
    public long Unfinished => streams.Sum(stream => stream.Unfinished);

    public SequenceLimits Limits(TextKind kind) => probe.Limits(kind);

    /// <summary>Threads start with the first stream, not with the model.</summary>
    /// <exception cref="ColbertException">
    /// <see cref="ColbertErrorId.InsufficientMemory"/>: none can be started; <see cref="ColbertErrorId.InputInvalid"/>: closed.
    /// </exception>
    public void Register(EncodeStream stream)
    {
        lock (Gate)
        {
            if (IsClosed) throw Closed();
            if (lanes.Length == 0) lanes = StartLanes();
            streams.Add(stream);
        }
    }

    public void Unregister(EncodeStream stream)
    {
        lock (Gate) streams.Remove(stream);
    }

    public ColbertException Closed() => new(
        ColbertErrorId.InputInvalid,
        $"The model '{Settings.Name}' was closed.",
        Settings.Name,
        "Open it again before encoding.",
        new ObjectDisposedException(Settings.Name));

    /// <summary>Call with the gate held, when there may be new work.</summary>
    public void WakeOne()
    {
        if (idle.Count == 0) return;
        Lane lane = idle[^1];
        idle.RemoveAt(idle.Count - 1);
        lane.Parker.Unpark();
    }

    /// <summary>
    /// Takes work for a lane, in turns from the streams. Otherwise counts the lane as idle and says how long it may sleep.
    /// </summary>
    public bool TryClaim(Lane lane, out LaneJob job, out int sleep)
    {
        lock (Gate)
        {
            claims++;
            idle.Remove(lane);
            sleep = Timeout.Infinite;
            for (int i = 0; i < streams.Count; i++)
            {
                EncodeStream stream = streams[(next + i) % streams.Count];
                if (!stream.TryClaim(out job, ref sleep)) continue;
                next = (next + i + 1) % streams.Count;
                if (idle.Count > 0 && streams.Exists(s => s.HasWork)) WakeOne();
                return true;
            }

            job = default;
            if (!IsClosed) idle.Add(lane);
            return false;
        }
    }

    /// <summary>Ends what runs, waits for it, then frees the session. Streams that are still open throw from then on.</summary>
    public void Dispose()
    {
        EncodeStream[] open;
        lock (Gate)
        {
            if (IsClosed) return;
            IsClosed = true;
            open = [.. streams];
            idle.Clear();
        }

        foreach (EncodeStream stream in open) stream.Stop(Closed);
        foreach (Lane lane in lanes) lane.Join();
        Session.Dispose();
    }

    // Where the system gives no more threads, those that started do.
    private Lane[] StartLanes()
    {
        Lane[] all = [.. Enumerable.Range(1, Settings.Lanes).Select(number => new Lane(this, inputs(), number))];
        int started = 0;
        try
        {
            for (; started < all.Length; started++) Starter(all[started]);
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            if (started == 0)
                throw new ColbertException(
                    ColbertErrorId.InsufficientMemory, $"The system starts no thread for the model '{Settings.Name}': {e.Message}",
                    Settings.Name, "Raise the limit of threads (ulimit -u, or the container's), or end other programs.", e);
        }

        return all[..started];
    }
}
