using ColbertOnnx.IO;
namespace ColbertOnnx.Embeddings.Zip;

/// <summary>The content of an entry: as long as the directory says, and with its checksum.</summary>
internal sealed class CheckedStream(Stream inner, long length, uint expected, string location) : ReadStream
{
    private long left = length;
    private uint crc;

    public override long Length { get; } = length;

    public override int Read(Span<byte> buffer)
    {
        if (buffer.Length > left) buffer = buffer[..(int)left];
        if (buffer.IsEmpty)
        {
            if (left == 0 && crc != expected) throw EmbeddingErrors.Invalid(location, "its checksum is wrong.");
            return 0;
        }

        int read = inner.Read(buffer);
        if (read == 0) throw new EndOfStreamException();
        crc = Crc32.Add(crc, buffer[..read]);
        left -= read;
        if (left == 0 && crc != expected) throw EmbeddingErrors.Invalid(location, "its checksum is wrong.");
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
