namespace ColbertOnnx.Parquet;

/// <summary>
/// Where the native library writes. It keeps the first failure, of which the library passes on the words alone; and once the file is given
/// up it takes nothing more: the library writes a whole footer when it is disposed.
/// </summary>
internal sealed class WriterStream(Stream inner) : Stream
{
    private long written;
    private bool isGivenUp;

    public Exception? Failure { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => written;

    public override long Position
    {
        get => written;
        set => throw new NotSupportedException();
    }

    public void GiveUp() => isGivenUp = true;

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        written += buffer.Length;
        if (isGivenUp) return;
        try
        {
            inner.Write(buffer);
        }
        catch (Exception error)
        {
            Failure ??= error;
            isGivenUp = true;
            throw;
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
