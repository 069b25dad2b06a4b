namespace ColbertOnnx.Benchmarks.Peers;

/// <summary>Something that encodes, in a process of its own, so that its memory and its CPU time are its own.</summary>
internal abstract class Peer(string name) : IDisposable
{
    public string Name => name;

    /// <summary>INT8 arithmetic; otherwise FP32.</summary>
    public required bool IsQuantized { get; init; }

    public List<PeerPass> Passes { get; } = [];

    /// <summary>
    /// Loads, and checks the output: finite, unit rows, as many as the texts have tokens. A peer that gives anything else ends the
    /// comparison.
    /// </summary>
    public abstract void Start(PeerTexts texts);

    public abstract PeerPass Run();

    public virtual void Dispose()
    {
    }

    protected InvalidOperationException Wrong(string what) => new($"{Name}: {what}");
}
