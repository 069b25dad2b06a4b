namespace ColbertOnnx.Runtime;

/// <summary>How the engine runs a graph.</summary>
internal readonly record struct EncoderSessionOptions()
{
    /// <summary>Threads inside one operator. One: lanes are the better use of processors.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>False: every operator of the graph runs as it stands there. For comparing.</summary>
    public bool Optimize { get; init; } = true;
}
