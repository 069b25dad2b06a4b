namespace ColbertOnnx.Tests.Embeddings;

/// <summary>A disk that is full after this many bytes.</summary>
internal sealed class FullStream(Stream inner, long room) : Stream
{
    private long written;

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(ReadOnlySpan<byte> buffer) => Write(buffer.ToArray(), 0, buffer.Length);

    public override void Write(byte[] buffer, int offset, int count)
    {
        written += count;
        if (written > room) throw new IOException("No space left on device");
        inner.Write(buffer, offset, count);
    }
}
