namespace ColbertOnnx.Hub;

/// <summary>Which model, at which revision, and what of it.</summary>
internal sealed record HubRequest
{
    /// <summary>The name on the hub: <c>owner/name</c>.</summary>
    public required string Repository { get; init; }

    /// <summary>A branch, a tag, or a commit of 40 hexadecimal digits; only the last always means the same files.</summary>
    public string Revision { get; init; } = "main";

    public HubContent Content { get; init; } = HubContent.Model;

    /// <summary>
    /// Which exported graph: true model_int8.onnx, false model.onnx, null model.onnx where it is. The other one when there is no such.
    /// </summary>
    public bool? Quantized { get; init; }
}
