using System.Buffers;

namespace ColbertOnnx.Onnx;

/// <summary>Numbers that lie in a file as they are: inside an ONNX file, or in the data file beside it.</summary>
internal sealed class FileTensorData(string file, long offset, long byteCount) : TensorData
{
    public string File => file;

    public long Offset => offset;

    public override long ByteCount => byteCount;

    public override void CopyTo(Stream target)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(256 * 1024);
        try
        {
            using var handle = System.IO.File.OpenHandle(file, options: FileOptions.SequentialScan);
            for (long done = 0; done < byteCount;)
            {
                int read = RandomAccess.Read(handle, buffer.AsSpan(0, (int)Math.Min(buffer.Length, byteCount - done)), offset + done);
                if (read == 0) throw CutOff(file, offset + done);
                target.Write(buffer, 0, read);
                done += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static ColbertException CutOff(string file, long at) => new(
        ColbertErrorId.ModelIncomplete, FormattableString.Invariant($"'{Path.GetFileName(file)}' ends at byte {at}, in the middle of a tensor."), file, "Copy the whole model folder again.");
}
