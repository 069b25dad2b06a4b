using Microsoft.Win32.SafeHandles;

namespace ColbertOnnx.IO;

/// <summary>A part of a file that its owner has open: several can be read side by side.</summary>
internal sealed class RangeStream(SafeFileHandle handle, long offset, long length) : ReadStream
{
    private long done;

    public override long Length => length;

    public override int Read(Span<byte> buffer)
    {
        int wanted = (int)Math.Min(buffer.Length, length - done);
        if (wanted == 0) return 0;
        int read = RandomAccess.Read(handle, buffer[..wanted], offset + done);
        if (read == 0) throw new EndOfStreamException();
        done += read;
        return read;
    }
}
