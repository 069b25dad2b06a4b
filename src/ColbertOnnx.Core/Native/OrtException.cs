namespace ColbertOnnx.Native;

/// <summary>A status that ONNX Runtime returned. Callers turn it into a <see cref="ColbertException"/> that names file or text.</summary>
internal sealed class OrtException(OrtErrorCode code, string message) : Exception(message)
{
    public OrtErrorCode Code { get; } = code;
}
