using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using ColbertOnnx.IO;
using Microsoft.Win32.SafeHandles;

namespace ColbertOnnx.Embeddings.Zip;

/// <summary>
/// A zip read through its directory, entry by entry: memory holds one entry, however many there are (ZipArchive holds them all).
/// Files above 4 GB and more than 65,535 entries (zip64) are read like others.
/// </summary>
internal sealed class ZipReader : IDisposable
{
    // Deflate makes at most 1,032 bytes of one.
    private const long MostExpansion = 1040;

    private readonly SafeFileHandle handle;
    private readonly long length;
    private readonly long directory;
    private readonly long directoryEnd;

    private ZipReader(string path, SafeFileHandle handle)
    {
        Path = path;
        this.handle = handle;
        length = RandomAccess.GetLength(handle);
        (directory, long size, Count) = FindDirectory();
        directoryEnd = directory + size;
    }

    public string Path { get; }

    public long Count { get; }

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>.</exception>
    public static ZipReader Open(string path)
    {
        SafeFileHandle handle = EmbeddingErrors.Open(path);
        try
        {
            return EmbeddingErrors.Guard(path, () => new ZipReader(path, handle));
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>The entries in the order of the directory, which is the order in which NumPy wrote them.</summary>
    public IEnumerable<ZipEntry> Entries()
    {
        using var stream = new BufferedStream(new RangeStream(handle, directory, directoryEnd - directory), 64 * 1024);
        long packed = 0;
        for (long number = 0; number < Count; number++)
        {
            ZipEntry entry = EmbeddingErrors.Guard(Path, () => ReadEntry(stream));
            if (entry.CompressedLength > length - packed)
                throw Broken($"its entries lie over each other: those up to '{entry.Name}' have more bytes than the file.");
            packed += entry.CompressedLength;
            yield return entry;
        }
    }

    /// <summary>The content of an entry from its beginning; its checksum is compared at the end.</summary>
    public Stream Open(ZipEntry entry)
    {
        string location = $"{Path}: {entry.Name}";
        Span<byte> local = stackalloc byte[ZipFormat.LocalLength];
        Fill(local, entry.Offset);
        if (BinaryPrimitives.ReadUInt32LittleEndian(local) != ZipFormat.LocalSignature)
            throw Broken($"there is no entry at byte {entry.Offset}, where its directory puts '{entry.Name}'.");
        long data = entry.Offset + ZipFormat.LocalLength + BinaryPrimitives.ReadUInt16LittleEndian(local[26..])
            + BinaryPrimitives.ReadUInt16LittleEndian(local[28..]);
        if (entry.CompressedLength > length - data) throw EmbeddingErrors.CutOff(location);
        var range = new RangeStream(handle, data, entry.CompressedLength);
        switch (entry.Method)
        {
            case ZipFormat.Stored when entry.Length == entry.CompressedLength:
                return new CheckedStream(range, entry.Length, entry.Crc, location);
            case ZipFormat.Deflated when entry.Length / MostExpansion <= entry.CompressedLength:
                return new CheckedStream(new DeflateStream(range, CompressionMode.Decompress), entry.Length, entry.Crc, location);
            case ZipFormat.Stored or ZipFormat.Deflated:
                throw EmbeddingErrors.Invalid(
                    location,
                    FormattableString.Invariant($"{entry.CompressedLength} bytes cannot hold the {entry.Length} that the directory says."));
            default:
                throw EmbeddingErrors.Invalid(
                    location, FormattableString.Invariant($"it is compressed by method {entry.Method}."),
                    "Write it with numpy.savez or numpy.savez_compressed.");
        }
    }

    public void Dispose() => handle.Dispose();

    private ZipEntry ReadEntry(Stream stream)
    {
        Span<byte> fixedPart = stackalloc byte[ZipFormat.EntryLength];
        stream.ReadExactly(fixedPart);
        if (BinaryPrimitives.ReadUInt32LittleEndian(fixedPart) != ZipFormat.EntrySignature) throw Broken("its directory is damaged.");
        byte[] rest = new byte[BinaryPrimitives.ReadUInt16LittleEndian(fixedPart[28..])
            + BinaryPrimitives.ReadUInt16LittleEndian(fixedPart[30..]) + BinaryPrimitives.ReadUInt16LittleEndian(fixedPart[32..])];
        stream.ReadExactly(rest);
        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(fixedPart[28..]);
        string name = Encoding.UTF8.GetString(rest, 0, nameLength);
        long full = BinaryPrimitives.ReadUInt32LittleEndian(fixedPart[24..]);
        long compressed = BinaryPrimitives.ReadUInt32LittleEndian(fixedPart[20..]);
        long offset = BinaryPrimitives.ReadUInt32LittleEndian(fixedPart[42..]);
        ReadOnlySpan<byte> extra = rest.AsSpan(nameLength, BinaryPrimitives.ReadUInt16LittleEndian(fixedPart[30..]));
        Widen(extra, ref full, ref compressed, ref offset);
        if ((BinaryPrimitives.ReadUInt16LittleEndian(fixedPart[8..]) & 1) != 0)
            throw EmbeddingErrors.Invalid($"{Path}: {name}", "it is encrypted.", "Write it without a password.");
        if (full < 0 || compressed < 0 || offset < 0 || offset > length - ZipFormat.LocalLength)
            throw Broken($"its directory puts '{name}' outside of the file.");
        return new ZipEntry(
            name, BinaryPrimitives.ReadUInt16LittleEndian(fixedPart[10..]), BinaryPrimitives.ReadUInt32LittleEndian(fixedPart[16..]),
            compressed, full, offset);
    }

    /// <summary>The zip64 field holds, in this order, those of the three that do not fit into 32 bits.</summary>
    private void Widen(ReadOnlySpan<byte> extra, ref long full, ref long compressed, ref long offset)
    {
        while (extra.Length >= 4)
        {
            int size = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (size > extra.Length - 4) throw Broken("its directory is damaged.");
            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == ZipFormat.Zip64Field)
            {
                ReadOnlySpan<byte> field = extra.Slice(4, size);
                full = Take(ref field, full);
                compressed = Take(ref field, compressed);
                offset = Take(ref field, offset);
                return;
            }

            extra = extra[(4 + size)..];
        }
    }

    private long Take(ref ReadOnlySpan<byte> field, long value)
    {
        if (value != ZipFormat.Large32) return value;
        if (field.Length < 8) throw Broken("its directory is damaged.");
        value = BinaryPrimitives.ReadInt64LittleEndian(field);
        field = field[8..];
        return value;
    }

    private (long Offset, long Size, long Count) FindDirectory()
    {
        if (length < ZipFormat.EndLength) throw NotAZip();
        byte[] tail = new byte[Math.Min(length, ZipFormat.EndLength + ushort.MaxValue)];
        Fill(tail, length - tail.Length);
        for (int at = tail.Length - ZipFormat.EndLength; at >= 0; at--)
        {
            ReadOnlySpan<byte> end = tail.AsSpan(at);
            if (BinaryPrimitives.ReadUInt32LittleEndian(end) != ZipFormat.EndSignature
                || BinaryPrimitives.ReadUInt16LittleEndian(end[20..]) != end.Length - ZipFormat.EndLength)
                continue;
            return Checked(Directory64(length - end.Length) ?? (
                BinaryPrimitives.ReadUInt32LittleEndian(end[16..]), BinaryPrimitives.ReadUInt32LittleEndian(end[12..]),
                BinaryPrimitives.ReadUInt16LittleEndian(end[10..])));
        }

        throw NotAZip();
    }

    private (long Offset, long Size, long Count)? Directory64(long end)
    {
        if (end < ZipFormat.Locator64Length) return null;
        Span<byte> locator = stackalloc byte[ZipFormat.Locator64Length];
        Fill(locator, end - locator.Length);
        if (BinaryPrimitives.ReadUInt32LittleEndian(locator) != ZipFormat.Locator64Signature) return null;
        long at = BinaryPrimitives.ReadInt64LittleEndian(locator[8..]);
        Span<byte> record = stackalloc byte[ZipFormat.End64Length];
        if (at < 0 || at > length - record.Length) throw Broken("its directory is damaged.");
        Fill(record, at);
        if (BinaryPrimitives.ReadUInt32LittleEndian(record) != ZipFormat.End64Signature) throw Broken("its directory is damaged.");
        return (
            BinaryPrimitives.ReadInt64LittleEndian(record[48..]), BinaryPrimitives.ReadInt64LittleEndian(record[40..]),
            BinaryPrimitives.ReadInt64LittleEndian(record[32..]));
    }

    private (long Offset, long Size, long Count) Checked((long Offset, long Size, long Count) found)
    {
        if (found.Offset < 0 || found.Size < 0 || found.Offset > length - found.Size)
            throw Broken("its directory lies outside of the file.");
        if (found.Count < 0 || found.Count > found.Size / ZipFormat.EntryLength)
            throw Broken(FormattableString.Invariant($"its directory of {found.Size} bytes cannot list {found.Count} entries."));
        return found;
    }

    private void Fill(Span<byte> destination, long offset)
    {
        while (destination.Length > 0)
        {
            int read = RandomAccess.Read(handle, destination, offset);
            if (read == 0) throw EmbeddingErrors.CutOff(Path);
            destination = destination[read..];
            offset += read;
        }
    }

    private ColbertException NotAZip() =>
        EmbeddingErrors.Invalid(Path, "it is not a zip, or cut off: the directory at the end is missing.");

    private ColbertException Broken(string what) => EmbeddingErrors.Invalid(Path, what);
}
