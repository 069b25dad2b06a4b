namespace ColbertOnnx;

/// <summary>How a checkpoint becomes an ONNX folder.</summary>
public sealed record ColbertExportOptions
{
    /// <summary>Write model_int8.onnx too: a quarter of the size, faster, with vectors that are nearly the same.</summary>
    public bool Quantize { get; init; }

    /// <summary>Store the weights of model.onnx as float16: half the size. The arithmetic stays float32.</summary>
    public bool HalfPrecision { get; init; }

    /// <summary>Replace the files of an earlier export.</summary>
    public bool Force { get; init; }

    /// <summary>The model's name as its settings record it; default: the checkpoint's folder.</summary>
    public string? Name { get; init; }

    /// <summary>Check what was written before it is moved into place. Default: true.</summary>
    public bool Verify { get; init; } = true;
}
