using ColbertOnnx.Onnx;

namespace ColbertOnnx.Quantization;

/// <summary>Bytes that are computed when they are written, and forgotten again.</summary>
internal sealed class ComputedBytes(long byteCount, Func<byte[]> compute) : TensorData
{
    public override long ByteCount => byteCount;

    public override void CopyTo(Stream target) => target.Write(compute());
}
