namespace ColbertOnnx.Parquet;

/// <summary>
/// Thrift's compact protocol, in which Parquet has its footer and the headers of its pages. What ends too early is an
/// <see cref="EndOfStreamException"/>.
/// </summary>
internal ref struct CompactReader(ReadOnlySpan<byte> bytes)
{
    public const int List = 9, Struct = 12;

    private const int True = 1, False = 2, Byte = 3, Short = 4, Long = 6, Double = 7, Binary = 8, Set = 10, Map = 11;
    private const int Deepest = 32;

    private readonly ReadOnlySpan<byte> bytes = bytes;

    /// <summary>Bytes that were read.</summary>
    public int Position { get; private set; }

    /// <summary>The next field of a struct; false: the struct ends.</summary>
    /// <param name="id">Before: the one of the field before, 0 at first.</param>
    public bool TryReadField(ref int id, out int type)
    {
        int head = ReadByte();
        type = head & 15;
        if (head == 0) return false;
        id = head >> 4 is > 0 and var more ? id + more : (int)ReadNumber();
        return true;
    }

    public int ReadListHead(out int type)
    {
        int head = ReadByte();
        type = head & 15;
        long count = head >> 4 == 15 ? ReadUnsigned() : head >> 4;
        // Each has a byte at least.
        return count <= bytes.Length - Position ? (int)count : throw new EndOfStreamException();
    }

    /// <summary>An integer of any width.</summary>
    public long ReadNumber()
    {
        ulong value = (ulong)ReadUnsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public void Skip(int type, int depth = 0)
    {
        if (depth > Deepest) throw new InvalidDataException("its footer is nested too deeply");
        switch (type)
        {
            case True or False:
                break;
            case Byte:
                Pass(1);
                break;
            case >= Short and <= Long:
                ReadUnsigned();
                break;
            case Double:
                Pass(8);
                break;
            case Binary:
                Pass(ReadUnsigned());
                break;
            case List or Set:
                for (int left = ReadListHead(out int item); left > 0; left--) SkipItem(item, depth);
                break;
            case Map:
                SkipMap(depth);
                break;
            case Struct:
                int id = 0;
                while (TryReadField(ref id, out int field)) Skip(field, depth + 1);
                break;
            default:
                throw new InvalidDataException("its footer cannot be understood");
        }
    }

    private void SkipMap(int depth)
    {
        long left = ReadUnsigned();
        if (left == 0) return;
        int types = ReadByte();
        for (; left > 0; left--)
        {
            SkipItem(types >> 4, depth);
            SkipItem(types & 15, depth);
        }
    }

    // A truth in a list has a byte of its own, in a field it is the field's type.
    private void SkipItem(int type, int depth)
    {
        if (type is True or False) Pass(1);
        else Skip(type, depth + 1);
    }

    private long ReadUnsigned()
    {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int next = ReadByte();
            value |= (long)(next & 127) << shift;
            if (next < 128) return value;
        }

        throw new InvalidDataException("its footer holds a number that is too long");
    }

    private int ReadByte() => Position < bytes.Length ? bytes[Position++] : throw new EndOfStreamException();

    private void Pass(long count)
    {
        if (count < 0 || count > bytes.Length - Position) throw new EndOfStreamException();
        Position += (int)count;
    }
}
