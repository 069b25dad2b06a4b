namespace ColbertOnnx.Onnx;

/// <summary>The elements of a tensor, little-endian and row by row, produced when they are asked for and not kept.</summary>
internal abstract class TensorData
{
    public abstract long ByteCount { get; }

    /// <summary>Writes all bytes, in pieces.</summary>
    public abstract void CopyTo(Stream target);

    /// <summary>All bytes at once: for tensors that are small, or worked on one at a time.</summary>
    public virtual byte[] ToArray()
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(checked((int)ByteCount));
        using var target = new MemoryStream(bytes);
        CopyTo(target);
        return target.Position == bytes.Length
            ? bytes
            : throw new InvalidOperationException($"A tensor of {bytes.Length} bytes gave {target.Position}.");
    }
}
