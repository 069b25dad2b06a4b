namespace ColbertOnnx;

/// <summary>How a folder gets its INT8 graph.</summary>
public sealed record ColbertQuantizeOptions
{
    /// <summary>Replace the model_int8.onnx that is there.</summary>
    public bool Force { get; init; }

    /// <summary>Compare with model.onnx before it is moved into place. Default: true.</summary>
    public bool Verify { get; init; } = true;

    /// <summary>
    /// Least cosine of any token vector with model.onnx's; below it nothing is written (<see cref="ColbertErrorId.ParityMissed"/>).
    /// Default: 0.95.
    /// </summary>
    public double? MinimumCosine { get; init; }

    /// <summary>Least mean of those cosines. Default: 0.99.</summary>
    public double? MinimumMeanCosine { get; init; }
}
