namespace ColbertOnnx;

/// <summary>An exported folder: what an export or a quantization has written.</summary>
public sealed record ColbertModelFolder
{
    /// <summary>Last part of the path.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Full path.</summary>
    public required string Path { get; init; }

    /// <summary>Family of the encoder, as config.json's model_type names it; null where only a graph was at hand.</summary>
    public string? ModelType { get; init; }

    /// <summary>Dimension of each token vector.</summary>
    public required int Dimension { get; init; }

    /// <summary>Files that were written.</summary>
    public required IReadOnlyList<FileInfo> Files { get; init; }

    /// <summary>model.onnx against the same graph run operator by operator; null when it was not checked.</summary>
    public ColbertVerification? Verification { get; init; }

    /// <summary>model_int8.onnx against model.onnx; null when it was not checked or not written.</summary>
    public ColbertVerification? QuantizedVerification { get; init; }

    /// <summary>What a user should know, a sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>How long it took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>One line for people.</summary>
    public override string ToString() => Path;
}
