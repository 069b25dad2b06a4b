namespace ColbertOnnx;

/// <summary>A device that an execution provider can use, as ONNX Runtime reports it.</summary>
public sealed record ColbertExecutionDevice
{
    /// <summary>Cpu, Gpu or Npu.</summary>
    public required string Kind { get; init; }

    /// <summary>What its driver calls it.</summary>
    public required string Name { get; init; }

    /// <summary>Its maker.</summary>
    public required string Vendor { get; init; }

    /// <summary>Its memory where it is known, such as "12080 MB"; otherwise null.</summary>
    public string? Memory { get; init; }

    /// <summary>One line for people.</summary>
    public override string ToString() => Memory is null ? $"{Kind} {Name}" : $"{Kind} {Name} ({Memory})";
}
