namespace ColbertOnnx.Onnx;

/// <summary>Takes a table's bytes as they come, in pieces of any size, and hands its rows on one at a time.</summary>
internal sealed class RowStream(OnnxElementType type, int width, Action<ReadOnlySpan<float>> row) : Stream
{
    private readonly byte[] bytes = new byte[width * Floats.SizeOf(type)];
    private readonly float[] values = new float[width];
    private int filled;
    private long position;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => position;

    public override long Position
    {
        get => position;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        position += buffer.Length;
        while (buffer.Length > 0)
        {
            int taken = Math.Min(buffer.Length, bytes.Length - filled);
            buffer[..taken].CopyTo(bytes.AsSpan(filled));
            buffer = buffer[taken..];
            filled += taken;
            if (filled < bytes.Length) break;
            filled = 0;
            Floats.Widen(type, bytes, values);
            row(values);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
