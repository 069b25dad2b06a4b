using System.Buffers.Binary;
using ColbertOnnx.Embeddings;
using Microsoft.Win32.SafeHandles;

namespace ColbertOnnx.Parquet;

/// <summary>
/// What the pages of a file expand to, as their headers say it. The native library makes room for that before it looks at the data, so a
/// file of a few bytes could ask for gigabytes; what a page's values stand for is bounded where they are taken.
/// </summary>
internal sealed class PageSizes : IDisposable
{
    private const int TailLength = 8, ShortHeader = 256, LongestHeader = 16 << 20;

    private readonly string path;
    private readonly SafeFileHandle file;
    private readonly List<(long Begin, long Length)[]> groups = [];

    public PageSizes(string path)
    {
        this.path = path;
        file = EmbeddingErrors.Open(path);
        try
        {
            ParquetErrors.Guard(path, ReadFooter);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Bytes of a column of a row group that was checked.</summary>
    public long LengthOf(int group, int column) => groups[group][column].Length;

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: a page of this column would take too much
    /// memory.</exception>
    public void Check(int group, int column, string location) => ParquetErrors.Guard(location, () =>
    {
        if (group >= groups.Count || column >= groups[group].Length)
            throw new InvalidDataException("its footer names more row groups or columns than it has");
        (long at, long length) = groups[group][column];
        byte[] buffer = new byte[ShortHeader];
        for (long end = at + length; at < end;)
        {
            (int header, long compressed, long expanded) = ReadHeader(ref buffer, at);
            if (compressed < 0 || expanded < 0) throw new InvalidDataException("a page has less than no bytes");
            bool isBomb = expanded > Limits.FreeExpansion && expanded / Limits.MostExpansion > compressed;
            if (isBomb || expanded > Limits.LargestParquetPage)
            {
                string limit = isBomb
                    ? $"{Limits.MostExpansion} times its {compressed} bytes in the file (the limit MostExpansion)"
                    : $"{Limits.LargestParquetPage} (the limit LargestParquetPage)";
                throw EmbeddingErrors.Invalid(
                    location, FormattableString.Invariant($"a page would take {expanded} bytes, more than {limit}."),
                    "Write the file again with smaller pages.");
            }

            at += header + compressed;
        }

        return true;
    });

    public void Dispose() => file.Dispose();

    private bool ReadFooter()
    {
        long length = RandomAccess.GetLength(file);
        byte[] tail = length < TailLength ? [] : Read(length - TailLength, TailLength);
        if (!tail.AsSpan().EndsWith("PAR1"u8))
            throw new InvalidDataException("this is not a Parquet file, or it was cut off: it does not end as one");
        int footer = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (footer < 0 || footer > length - TailLength) throw new EndOfStreamException();
        if (footer > Limits.LargestParquetFooter)
            throw EmbeddingErrors.Invalid(
                path,
                FormattableString.Invariant(
                    $"its footer has {footer} bytes, more than {Limits.LargestParquetFooter} (the limit LargestParquetFooter)."),
                "Write the file again with larger row groups.");
        var reader = new CompactReader(Read(length - TailLength - footer, footer));
        const int RowGroups = 4;
        for (int id = 0; reader.TryReadField(ref id, out int type);)
        {
            if (id != RowGroups || type != CompactReader.List) reader.Skip(type);
            else
                for (int left = reader.ReadListHead(out _); left > 0; left--) groups.Add(ReadGroup(ref reader));
        }

        return true;
    }

    private static (long Begin, long Length)[] ReadGroup(ref CompactReader reader)
    {
        const int Columns = 1;
        (long, long)[] columns = [];
        for (int id = 0; reader.TryReadField(ref id, out int type);)
        {
            if (id != Columns || type != CompactReader.List)
            {
                reader.Skip(type);
                continue;
            }

            columns = new (long, long)[reader.ReadListHead(out _)];
            foreach (ref (long, long) column in columns.AsSpan()) column = ReadColumn(ref reader);
        }

        return columns;
    }

    private static (long Begin, long Length) ReadColumn(ref CompactReader reader)
    {
        const int MetaData = 3;
        (long, long) place = default;
        for (int id = 0; reader.TryReadField(ref id, out int type);)
        {
            if (id == MetaData && type == CompactReader.Struct) place = ReadMetaData(ref reader);
            else reader.Skip(type);
        }

        return place;
    }

    private static (long Begin, long Length) ReadMetaData(ref CompactReader reader)
    {
        const int CompressedSize = 7, DataPages = 9, DictionaryPage = 11;
        long length = 0, data = 0, dictionary = 0;
        for (int id = 0; reader.TryReadField(ref id, out int type);)
        {
            if (id == CompressedSize) length = reader.ReadNumber();
            else if (id == DataPages) data = reader.ReadNumber();
            else if (id == DictionaryPage) dictionary = reader.ReadNumber();
            else reader.Skip(type);
        }

        return (dictionary > 0 ? Math.Min(dictionary, data) : data, length);
    }

    private (int Length, long Compressed, long Expanded) ReadHeader(ref byte[] buffer, long at)
    {
        while (true)
        {
            int read = RandomAccess.Read(file, buffer, at);
            try
            {
                return ReadHeader(buffer.AsSpan(0, read));
            }
            catch (EndOfStreamException) when (read == buffer.Length && read < LongestHeader)
            {
                // The smallest and largest values of a page stand in it, and may be long.
                buffer = new byte[read * 4];
            }
        }
    }

    private static (int Length, long Compressed, long Expanded) ReadHeader(ReadOnlySpan<byte> bytes)
    {
        const int ExpandedSize = 2, CompressedSize = 3;
        var reader = new CompactReader(bytes);
        long compressed = -1, expanded = -1;
        for (int id = 0; reader.TryReadField(ref id, out int type);)
        {
            if (id == ExpandedSize) expanded = reader.ReadNumber();
            else if (id == CompressedSize) compressed = reader.ReadNumber();
            else reader.Skip(type);
        }

        return (reader.Position, compressed, expanded);
    }

    private byte[] Read(long at, int count)
    {
        if (at < 0) throw new EndOfStreamException();
        byte[] bytes = new byte[count];
        for (int done = 0; done < count;)
        {
            int read = RandomAccess.Read(file, bytes.AsSpan(done), at + done);
            if (read == 0) throw new EndOfStreamException();
            done += read;
        }

        return bytes;
    }
}
