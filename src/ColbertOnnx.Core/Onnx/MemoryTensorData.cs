using System.Runtime.InteropServices;

namespace ColbertOnnx.Onnx;

/// <summary>Elements that are in memory already.</summary>
internal sealed class MemoryTensorData(byte[] bytes) : TensorData
{
    public override long ByteCount => bytes.Length;

    public static MemoryTensorData Of<T>(ReadOnlySpan<T> values)
        where T : unmanaged => new(MemoryMarshal.AsBytes(values).ToArray());

    public override void CopyTo(Stream target) => target.Write(bytes);

    public override byte[] ToArray() => bytes;
}
