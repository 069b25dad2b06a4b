using System.Buffers.Binary;
using System.Text;

namespace ColbertOnnx.Embeddings.Zip;

/// <summary>
/// Writes stored entries, whose lengths are known beforehand, one behind the other. The directory gathers in a second stream, so that
/// memory does not grow with the entries; it is copied behind them at the end. Beyond 4 GB and 65,534 entries with the fields of zip64.
/// </summary>
/// <param name="data">Stands where the next entry begins.</param>
/// <param name="directory">The directory of the entries so far, open to be read.</param>
/// <param name="count">How many these are.</param>
internal sealed class ZipWriter(Stream data, Stream directory, long count)
{
    // The earliest time that a zip can hold, 1980-01-01: the same input gives the same bytes.
    private const ushort Date = 0x21;
    private const ushort Version = 20;
    private const ushort Version64 = 45;

    public void Add(string name, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        Begin(name, Crc32.Add(Crc32.Add(0, head), body), (long)head.Length + body.Length);
        data.Write(head);
        data.Write(body);
    }

    /// <summary>An entry whose content is in a stream, which is read from its beginning, twice.</summary>
    public void Add(string name, ReadOnlySpan<byte> head, Stream body)
    {
        uint crc = Crc32.Add(0, head);
        byte[] buffer = new byte[128 * 1024];
        body.Seek(0, SeekOrigin.Begin);
        for (int read; (read = body.Read(buffer)) > 0;) crc = Crc32.Add(crc, buffer.AsSpan(0, read));
        Begin(name, crc, head.Length + body.Length);
        data.Write(head);
        body.Seek(0, SeekOrigin.Begin);
        body.CopyTo(data);
    }

    /// <summary>Writes the directory. Nothing can be added after it.</summary>
    public void Complete()
    {
        long begin = data.Position;
        directory.Seek(0, SeekOrigin.Begin);
        directory.CopyTo(data);
        long size = data.Position - begin;
        if (count >= ZipFormat.Large16 || begin >= ZipFormat.Large32 || size >= ZipFormat.Large32) WriteEnd64(begin, size);
        Span<byte> end = stackalloc byte[ZipFormat.EndLength];
        end.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(end, ZipFormat.EndSignature);
        BinaryPrimitives.WriteUInt16LittleEndian(end[8..], (ushort)Math.Min(count, ZipFormat.Large16));
        BinaryPrimitives.WriteUInt16LittleEndian(end[10..], (ushort)Math.Min(count, ZipFormat.Large16));
        BinaryPrimitives.WriteUInt32LittleEndian(end[12..], (uint)Math.Min(size, ZipFormat.Large32));
        BinaryPrimitives.WriteUInt32LittleEndian(end[16..], (uint)Math.Min(begin, ZipFormat.Large32));
        data.Write(end);
    }

    private void Begin(string name, uint crc, long length)
    {
        byte[] text = Encoding.ASCII.GetBytes(name);
        long offset = data.Position;
        bool isLarge = length >= ZipFormat.Large32;
        WriteLocal(text, crc, length, isLarge);
        WriteEntry(text, crc, length, isLarge, offset);
        count++;
    }

    private void WriteLocal(byte[] name, uint crc, long length, bool isLarge)
    {
        Span<byte> header = stackalloc byte[ZipFormat.LocalLength];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, ZipFormat.LocalSignature);
        WriteCommon(header[4..], crc, length, isLarge, name.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(header[28..], (ushort)(isLarge ? 20 : 0));
        data.Write(header);
        data.Write(name);
        if (isLarge) WriteField64(data, [length, length]);
    }

    private void WriteEntry(byte[] name, uint crc, long length, bool isLarge, long offset)
    {
        bool isFar = offset >= ZipFormat.Large32;
        long[] wide = (isLarge, isFar) switch
        {
            (true, true) => [length, length, offset],
            (true, false) => [length, length],
            (false, true) => [offset],
            _ => [],
        };
        Span<byte> header = stackalloc byte[ZipFormat.EntryLength];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, ZipFormat.EntrySignature);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], wide.Length > 0 ? Version64 : Version);
        WriteCommon(header[6..], crc, length, isLarge, name.Length);
        if (wide.Length > 0) BinaryPrimitives.WriteUInt16LittleEndian(header[6..], Version64);
        BinaryPrimitives.WriteUInt16LittleEndian(header[30..], (ushort)(wide.Length == 0 ? 0 : 4 + (wide.Length * 8)));
        BinaryPrimitives.WriteUInt32LittleEndian(header[42..], isFar ? ZipFormat.Large32 : (uint)offset);
        directory.Write(header);
        directory.Write(name);
        if (wide.Length > 0) WriteField64(directory, wide);
    }

    /// <summary>What local header and directory have in common: from the version to the length of the name.</summary>
    private static void WriteCommon(Span<byte> header, uint crc, long length, bool isLarge, int nameLength)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(header, isLarge ? Version64 : Version);
        BinaryPrimitives.WriteUInt16LittleEndian(header[8..], Date);
        BinaryPrimitives.WriteUInt32LittleEndian(header[10..], crc);
        BinaryPrimitives.WriteUInt32LittleEndian(header[14..], isLarge ? ZipFormat.Large32 : (uint)length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[18..], isLarge ? ZipFormat.Large32 : (uint)length);
        BinaryPrimitives.WriteUInt16LittleEndian(header[22..], (ushort)nameLength);
    }

    private static void WriteField64(Stream to, ReadOnlySpan<long> values)
    {
        Span<byte> field = stackalloc byte[4 + (3 * sizeof(long))];
        BinaryPrimitives.WriteUInt16LittleEndian(field, ZipFormat.Zip64Field);
        BinaryPrimitives.WriteUInt16LittleEndian(field[2..], (ushort)(values.Length * sizeof(long)));
        for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(field[(4 + (i * sizeof(long)))..], values[i]);
        to.Write(field[..(4 + (values.Length * sizeof(long)))]);
    }

    private void WriteEnd64(long begin, long size)
    {
        long at = data.Position;
        Span<byte> record = stackalloc byte[ZipFormat.End64Length + ZipFormat.Locator64Length];
        record.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(record, ZipFormat.End64Signature);
        BinaryPrimitives.WriteInt64LittleEndian(record[4..], ZipFormat.End64Length - 12);
        BinaryPrimitives.WriteUInt16LittleEndian(record[12..], Version64);
        BinaryPrimitives.WriteUInt16LittleEndian(record[14..], Version64);
        BinaryPrimitives.WriteInt64LittleEndian(record[24..], count);
        BinaryPrimitives.WriteInt64LittleEndian(record[32..], count);
        BinaryPrimitives.WriteInt64LittleEndian(record[40..], size);
        BinaryPrimitives.WriteInt64LittleEndian(record[48..], begin);
        Span<byte> locator = record[ZipFormat.End64Length..];
        BinaryPrimitives.WriteUInt32LittleEndian(locator, ZipFormat.Locator64Signature);
        BinaryPrimitives.WriteInt64LittleEndian(locator[8..], at);
        BinaryPrimitives.WriteInt32LittleEndian(locator[16..], 1);
        data.Write(record);
    }
}
