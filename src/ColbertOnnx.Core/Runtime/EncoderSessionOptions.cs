using ColbertOnnx.Runtime.Providers;

namespace ColbertOnnx.Runtime;

/// <summary>How ONNX Runtime runs a graph.</summary>
internal readonly record struct EncoderSessionOptions()
{
    /// <summary>Threads inside one operator. One: lanes are the better use of CPUs.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>False: every operator of the graph runs as it stands there. For comparing.</summary>
    public bool Optimize { get; init; } = true;

    /// <summary>False: what stands around the matrix products of an INT8 graph is left to the library's operators. For comparing.</summary>
    public bool FuseRows { get; init; } = true;

    /// <summary>False: attention is left to the library's operators. For comparing.</summary>
    public bool FuseAttention { get; init; } = true;

    /// <summary>Threads of an operator wait by spinning, during a <c>Run</c> and no longer.</summary>
    public bool Spin { get; init; }

    /// <summary>The same graph, optimized and packed on this machine before: it is opened in place of the file, as it stands.</summary>
    public string? PackedGraph { get; init; }

    /// <summary>What every operator took is written to PATH_DATE.json when the session is closed.</summary>
    public string? ProfileTo { get; init; }

    /// <summary>Writes the optimized graph here, and beside it its weights as this CPU's operators want them.</summary>
    public string? PackTo { get; init; }

    /// <summary>Providers besides the CPU, in order of preference.</summary>
    public IReadOnlyList<ProviderUse> Providers { get; init; } = [];
}
