using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace ColbertOnnx.Onnx;

/// <summary>Elements that lie in a file as they are: inside an ONNX file, or in the data file beside it.</summary>
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
            using SafeFileHandle handle = Guard(() => System.IO.File.OpenHandle(file, options: FileOptions.SequentialScan));
            for (long done = 0; done < byteCount;)
            {
                long at = done;
                int read =
                    Guard(() => RandomAccess.Read(handle, buffer.AsSpan(0, (int)Math.Min(buffer.Length, byteCount - at)), offset + at));
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

    // What fails here is the model's file; what the target refuses is for its owner.
    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ColbertException(
                ColbertErrorId.ModelIncomplete, $"'{Path.GetFileName(file)}' cannot be read: {e.Message}", file,
                "Check the file and its rights.", e);
        }
    }

    private static ColbertException CutOff(string file, long at) => new(
        ColbertErrorId.ModelIncomplete,
        FormattableString.Invariant($"'{Path.GetFileName(file)}' ends at byte {at}, in the middle of a tensor."), file,
        "Copy the whole model folder again.");
}
