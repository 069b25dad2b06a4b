using System.Runtime.InteropServices;

namespace ColbertOnnx.Onnx;

/// <summary>Elements that are computed when they are written, and forgotten again.</summary>
internal sealed class ComputedTensorData(long byteCount, Func<float[]> compute) : TensorData
{
    public override long ByteCount => byteCount;

    public override void CopyTo(Stream target) => target.Write(MemoryMarshal.AsBytes<float>(compute()));
}
