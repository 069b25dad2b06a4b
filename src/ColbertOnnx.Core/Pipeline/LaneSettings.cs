namespace ColbertOnnx.Pipeline;

/// <summary>How a model's lanes run; from the model's options.</summary>
internal sealed record LaneSettings
{
    /// <summary>The model's name, for errors.</summary>
    public string Name { get; init; } = "";

    /// <summary>Requested concurrency; the effective value is the smaller of it and the available CPUs.</summary>
    public int Sessions { get; init; } = UsableCpus.Count;

    /// <summary>CPUs that the process may use: affinity masks, cgroup limits and what Slurm gave count.</summary>
    public int Cpus { get; init; } = UsableCpus.Count;

    /// <summary>Sequences of a batch; null: planned by length.</summary>
    public int? BatchSize { get; init; }

    /// <summary>How batches are made for what runs them.</summary>
    public BatchPolicy Batches { get; init; } = BatchPolicy.Cpu;

    /// <summary>
    /// Threads that run batches. A running batch holds its activations, so more of them than CPUs would cost memory and gain
    /// nothing: further sessions only queue.
    /// </summary>
    public int Lanes => Math.Max(1, Math.Min(Sessions, Cpus));

    /// <summary>A chunk that gets no text for this long is planned as it is, so that a slow source sees its results.</summary>
    public int PatienceMilliseconds { get; init; } = 20;
}
