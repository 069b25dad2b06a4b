namespace ColbertOnnx;

/// <summary>How a model is opened and run. What is null is decided by the model folder, then by the default.</summary>
public sealed record ColbertModelOptions
{
    /// <summary>True: model_int8.onnx; false: model.onnx; null: model.onnx where it is, otherwise model_int8.onnx.</summary>
    public bool? Quantized { get; init; }

    /// <summary>Lanes over one set of weights; default: as many as the process may use processors. No more calls than that run at once.</summary>
    public int? Sessions { get; init; }

    /// <summary>Threads inside one operator; default 1, and for a text that is alone as many as the process may use processors.</summary>
    public int? ThreadsPerSession { get; init; }

    /// <summary>Texts in one call; default: planned by length.</summary>
    public int? BatchSize { get; init; }

    public int? QueryLength { get; init; }

    public int? DocumentLength { get; init; }

    public QueryExpansion? QueryExpansion { get; init; }

    /// <summary>Words whose rows are left out of documents; replaces the model's list.</summary>
    public IReadOnlyList<string>? Skiplist { get; init; }

    /// <summary>Documents keep about one row of this many; 1 (default): no pooling.</summary>
    public int? PoolFactor { get; init; }

    /// <summary>Leading rows that pooling leaves alone; default 1.</summary>
    public int? ProtectedTokens { get; init; }
}
