namespace ColbertOnnx.Cli.Streams;

/// <summary>
/// What is typed at a console of Windows, a line with each read. One that begins with Ctrl+Z is the end, which the system only sees in
/// bytes of a code page.
/// </summary>
internal sealed class TypedInput(Stream typed) : Stream
{
    private const byte EndOfInput = 0x1A;
    private bool isAtStart = true;
    private bool isOver;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (isOver || buffer.IsEmpty) return 0;
        int count = typed.Read(buffer);
        isOver = count == 0 || (isAtStart && buffer[0] == EndOfInput);
        if (isOver) return 0;
        isAtStart = buffer[count - 1] == '\n';
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
