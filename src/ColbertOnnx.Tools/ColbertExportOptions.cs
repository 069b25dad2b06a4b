namespace ColbertOnnx;

/// <summary>How a checkpoint becomes an ONNX folder.</summary>
public sealed record ColbertExportOptions
{
    /// <summary>Write model_int8.onnx too: a quarter of the size, faster, with vectors that are nearly the same.</summary>
    public bool Quantize { get; init; }

    /// <summary>Store the weights of model.onnx as float16: half the size. The arithmetic stays float32.</summary>
    public bool HalfPrecision { get; init; }

    /// <summary>
    /// The token that marks a query, instead of the checkpoint's; empty: none. What the vocabulary lacks becomes a new token.
    /// </summary>
    public string? QueryPrefix { get; init; }

    /// <summary>
    /// The token that marks a document, instead of the checkpoint's; empty: none. What the vocabulary lacks becomes a new token.
    /// </summary>
    public string? DocumentPrefix { get; init; }

    /// <summary>Name of one of the checkpoint's prompts, which the exported model puts in front of every text.</summary>
    public string? PromptName { get; init; }

    /// <summary>Text that the exported model puts in front of every text; empty: none. It wins over <see cref="PromptName"/>.</summary>
    public string? Prompt { get; init; }

    /// <summary>Leading token vectors that pooling does not touch, instead of the checkpoint's number.</summary>
    public int? ProtectedTokens { get; init; }

    /// <summary>Replace the files of an earlier export.</summary>
    public bool Force { get; init; }

    /// <summary>The model's name as its settings record it; default: the checkpoint's folder.</summary>
    public string? Name { get; init; }

    /// <summary>Check what was written before it is moved into place. Default: true.</summary>
    public bool Verify { get; init; } = true;

    /// <summary>
    /// Least cosine of any token vector of model_int8.onnx with model.onnx's; below it nothing is written
    /// (<see cref="ColbertErrorId.ParityMissed"/>). Default: 0.95.
    /// </summary>
    public double? MinimumCosine { get; init; }

    /// <summary>Least mean of those cosines. Default: 0.99.</summary>
    public double? MinimumMeanCosine { get; init; }
}
