namespace ColbertOnnx.Tests.Inputs;

/// <summary>Gives a byte a call, as a slow pipe does.</summary>
internal sealed class TricklingStream(byte[] content) : MemoryStream(content)
{
    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1));

    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 1)]);
}

/// <summary>The same bytes again and again.</summary>
internal sealed class RepeatingStream(byte[] piece, int times) : MemoryStream
{
    private long left = (long)piece.Length * times;
    private int at;

    public override int Read(byte[] buffer, int offset, int count)
    {
        int read = (int)Math.Min(Math.Min(count, piece.Length - at), left);
        Array.Copy(piece, at, buffer, offset, read);
        at = (at + read) % piece.Length;
        left -= read;
        return read;
    }
}

/// <summary>Counts what is read of it.</summary>
internal sealed class CountingStream(byte[] content) : MemoryStream(content)
{
    public long BytesRead { get; private set; }

    public override int Read(byte[] buffer, int offset, int count)
    {
        int read = base.Read(buffer, offset, count);
        BytesRead += read;
        return read;
    }
}
